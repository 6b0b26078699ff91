CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

-- One row per leaf of the tree, in order; the bytes are exactly what was hashed.
CREATE TABLE entry (
  seq INTEGER PRIMARY KEY CHECK (seq >= 0),
  leaf BLOB NOT NULL
) STRICT;

-- What the leaf commits to. Salt and body are NULL once destroyed by order; `sealed_by` names the entry of that order.
CREATE TABLE payload (
  seq INTEGER PRIMARY KEY REFERENCES entry (seq),
  scheme INTEGER NOT NULL DEFAULT 0 CHECK (scheme = 0), -- reserved for encryption
  salt BLOB,
  body BLOB,
  sealed_by INTEGER REFERENCES entry (seq)
) STRICT;

CREATE TABLE tile (
  level INTEGER NOT NULL,
  number INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (level, number)
) STRICT;

CREATE TABLE checkpoint (
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT;

CREATE TABLE projection (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  changed_seq INTEGER NOT NULL
) STRICT;

-- Guard rails against accidents. They are no protection: the signed tree heads outside this file are.
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entry_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
CREATE TRIGGER payload_kept BEFORE DELETE ON payload BEGIN SELECT RAISE(ABORT, 'payloads are never deleted'); END;
CREATE TRIGGER checkpoint_stays BEFORE UPDATE ON checkpoint
  BEGIN SELECT RAISE(ABORT, 'checkpoints are never changed'); END;
CREATE TRIGGER checkpoint_kept BEFORE DELETE ON checkpoint
  BEGIN SELECT RAISE(ABORT, 'checkpoints are never deleted'); END;
