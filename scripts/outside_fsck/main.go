// Checks an exported log with code that others wrote: signed notes by golang.org/x/mod/sumdb/note, tiles and proofs by
// golang.org/x/mod/sumdb/tlog, the libraries behind the checksum database of Go. Nothing in here computes a hash of a
// tree: this file only finds the files and hands them over.
//
//	fsck EXPORT KEY...
//
// EXPORT is a bundle of `thaw export` (ZIP) or a folder with its files; KEY is a public key of the log, as text. Exit
// code 0: every tile, every entry and every proof leads to the signed root. 1: something does not. 2: cannot be read.
package main

import (
	"archive/zip"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height, width = 8, 256

// export reads tiles where C2SP tlog-tiles puts them: without the height that the paths of the checksum database have.
type export struct {
	files fs.FS
	read  map[string]bool
}

func (e *export) Height() int { return height }

func (e *export) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		content, err := fs.ReadFile(e.files, path)
		if err != nil {
			return nil, err
		}
		if len(content) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes, want %d", path, len(content), tile.W*tlog.HashSize)
		}
		e.read[path] = true
		data = append(data, content)
	}
	return data, nil
}

func (e *export) SaveTiles([]tlog.Tile, [][]byte) {}

type head struct {
	origin string
	size   int64
	root   tlog.Hash
}

func open(text []byte, keys []string) (head, error) {
	var known []note.Verifier
	for _, key := range keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return head{}, err
		}
		known = append(known, verifier)
	}
	opened, err := note.Open(text, note.VerifierList(known...))
	if err != nil {
		return head{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 {
		return head{}, errors.New("the checkpoint has fewer than three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return head{}, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return head{}, errors.New("the root of the checkpoint is no hash")
	}
	found := head{origin: lines[0], size: size}
	copy(found.root[:], root)
	for _, one := range opened.Sigs {
		if one.Name != found.origin {
			return head{}, fmt.Errorf("signed by %s, not by %s", one.Name, found.origin)
		}
	}
	return found, nil
}

// tiles asks the library for every stored hash of every level; it checks each tile that it reads against the root.
func (e *export) tiles(h head) error {
	reader := tlog.TileHashReader(tlog.Tree{N: h.size, Hash: h.root}, e)
	for level, count := 0, h.size; count > 0; level, count = level+1, count/2 {
		for first := int64(0); first < count; first += 4 * width {
			var indexes []int64
			for n := first; n < count && n < first+4*width; n++ {
				indexes = append(indexes, tlog.StoredHashIndex(level, n))
			}
			if _, err := reader.ReadHashes(indexes); err != nil {
				return err
			}
		}
	}
	return nil
}

// entries hashes every entry of every bundle and compares with the hash that the checked tiles hold at its place.
func (e *export) entries(h head) (int64, error) {
	reader := tlog.TileHashReader(tlog.Tree{N: h.size, Hash: h.root}, e)
	var seen int64
	for first := int64(0); first < h.size; first += width {
		count := min(width, h.size-first)
		tile := tlog.Tile{H: height, L: 0, N: first / width, W: int(count)}
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/0/", height), "tile/entries/", 1)
		content, err := fs.ReadFile(e.files, path)
		if err != nil {
			return seen, err
		}
		e.read[path] = true
		var indexes []int64
		for n := first; n < first+count; n++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, n))
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return seen, err
		}
		for n := int64(0); n < count; n++ {
			if len(content) < 2 || len(content) < 2+int(binary.BigEndian.Uint16(content)) {
				return seen, fmt.Errorf("%s ends in the middle of an entry", path)
			}
			end := 2 + int(binary.BigEndian.Uint16(content))
			if tlog.RecordHash(content[2:end]) != hashes[n] {
				return seen, fmt.Errorf("entry %d is not the one in the tree", first+n)
			}
			content = content[end:]
			seen++
		}
		if len(content) != 0 {
			return seen, fmt.Errorf("%s goes on behind its last entry", path)
		}
	}
	return seen, nil
}

// proofs checks the files that C2SP tlog-proof describes, those of a bundle of one case.
func (e *export) proofs(names []string, keys []string) (int64, error) {
	var seen int64
	for _, name := range names {
		content, err := fs.ReadFile(e.files, name)
		if err != nil {
			return seen, err
		}
		above, signed, found := strings.Cut(string(content), "\n\n")
		lines := strings.Split(above, "\n")
		if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
			return seen, fmt.Errorf("%s is no proof", name)
		}
		h, err := open([]byte(signed), keys)
		if err != nil {
			return seen, err
		}
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
		if err != nil {
			return seen, err
		}
		var proof tlog.RecordProof
		for _, line := range lines[2:] {
			step, err := base64.StdEncoding.DecodeString(line)
			if err != nil || len(step) != tlog.HashSize {
				return seen, fmt.Errorf("%s holds a line that is no hash", name)
			}
			proof = append(proof, tlog.Hash(*(*[tlog.HashSize]byte)(step)))
		}
		entry, err := fs.ReadFile(e.files, fmt.Sprintf("entries/%d.json", index))
		if err != nil {
			return seen, err
		}
		if err := tlog.CheckRecord(proof, h.size, h.root, index, tlog.RecordHash(entry)); err != nil {
			return seen, fmt.Errorf("%s: %w", name, err)
		}
		seen++
	}
	return seen, nil
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func run(path string, keys []string) (string, error) {
	files := os.DirFS(path)
	if packed, err := zip.OpenReader(path); err == nil {
		defer packed.Close()
		files = &packed.Reader
	}
	e := &export{files, map[string]bool{}}
	text, err := fs.ReadFile(files, "checkpoint")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	h, err := open(text, keys)
	if err != nil {
		return "", fmt.Errorf("checkpoint: %w", err)
	}
	proofs, err := fs.Glob(files, "proofs/*.tlog-proof")
	if err != nil {
		return "", err
	}
	if len(proofs) > 0 {
		seen, err := e.proofs(proofs, keys)
		return fmt.Sprintf("ok: %d entries with proofs, of %d, of the log %s", seen, h.size, h.origin), err
	}
	if err := e.tiles(h); err != nil {
		return "", err
	}
	seen, err := e.entries(h)
	if err != nil {
		return "", err
	}
	// What lies among the tiles and was not asked for belongs to no log of this size.
	err = fs.WalkDir(files, "tile", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !e.read[name] {
			return fmt.Errorf("%s is no tile of a log of %d entries", name, h.size)
		}
		return err
	})
	return fmt.Sprintf("ok: %d entries, %d files of tiles, of the log %s", seen, len(e.read), h.origin), err
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: fsck EXPORT KEY...")
		os.Exit(2)
	}
	words, err := run(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Println("not ok:", err)
		os.Exit(1)
	}
	fmt.Println(words)
}
