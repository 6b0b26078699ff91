// Lucene on the pages of the search benchmark, as plainly as its examples use it: one thread, text stored, BM25, best 20.
// java -cp JAR Lucene.java PAGES QUERIES FOLDER: prints seconds of indexing, then of each query, per line:
// kind, query, milliseconds; each query ten times, the first five to warm up.
import java.io.BufferedReader;
import java.nio.file.*;
import java.util.*;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

public class Lucene {
    public static void main(String[] args) throws Exception {
        var analyzer = new EnglishAnalyzer();
        var folder = FSDirectory.open(Path.of(args[2]));
        long started = System.nanoTime();
        try (var writer = new IndexWriter(folder, new IndexWriterConfig(analyzer));
                BufferedReader pages = Files.newBufferedReader(Path.of(args[0]))) {
            for (String page; (page = pages.readLine()) != null; ) {
                var document = new Document();
                document.add(new TextField("body", page, Field.Store.YES));
                writer.addDocument(document);
            }
        }
        System.out.println("index\t" + (System.nanoTime() - started) / 1e9);
        var searcher = new IndexSearcher(DirectoryReader.open(folder));
        var builder = new QueryBuilder(analyzer);
        for (String line : Files.readAllLines(Path.of(args[1]))) {
            String kind = line.split("\t")[0], text = line.split("\t")[1];
            Query query = kind.equals("phrase") ? builder.createPhraseQuery("body", text)
                : kind.equals("fuzzy") ? new FuzzyQuery(new Term("body", text.toLowerCase(Locale.ROOT)), 1)
                : builder.createBooleanQuery("body", text);
            for (int run = 0; run < 10; run++) {
                long before = System.nanoTime();
                for (var hit : searcher.search(query, 20).scoreDocs) searcher.storedFields().document(hit.doc);
                double milliseconds = (System.nanoTime() - before) / 1e6;
                if (run >= 5) System.out.println(kind + "\t" + text + "\t" + milliseconds);
            }
        }
    }
}
