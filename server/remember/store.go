package remember

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite" // also registers the driver

	"godrift.dev/server/config"
)

// dbName is the database's file in the state folder.
const dbName = "godrift.db"

// errDamaged is what SQLite's own check says in words instead of a code.
var errDamaged = errors.New("the database is damaged")

// Store is godrift's memory on disk. It is safe for use by several goroutines.
type Store struct {
	dir  string
	keep int // replaces History.Moments if it is not 0
	// configFile is the user's configuration; empty if there is none.
	configFile string

	mu    sync.Mutex // guards what follows
	db    *sql.DB
	seal  []byte
	notes []string
	kept  config.History // as the configuration says
	wrong error          // why that cannot be read
}

// Open returns the store in that folder, which is made by the first method
// that needs it. It reads and writes nothing yet.
func Open(dir string) (*Store, error) {
	if !filepath.IsAbs(dir) {
		return nil, fmt.Errorf("opening godrift's state: there is no absolute folder for it (%q): set HOME or XDG_STATE_HOME", dir)
	}
	return &Store{dir: filepath.Clean(dir)}, nil
}

// Configure has the store keep as much as the user's configuration file says. A
// mistake in it is told as a note, and nothing is forgotten as long as it is there.
func (s *Store) Configure(file string) { s.configFile = file }

// Dir is the state folder.
func (s *Store) Dir() string { return s.dir }

// Notes returns what a person should be told about the store, for example
// that a damaged database was set aside, and forgets it.
func (s *Store) Notes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	notes := s.notes
	s.notes = nil
	return notes
}

// Close closes the database, if it was opened at all.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return nil
	}
	err := s.db.Close()
	s.db = nil
	if err != nil {
		return fmt.Errorf("closing %s: %w", s.file(), err)
	}
	return nil
}

func (s *Store) file() string { return filepath.Join(s.dir, dbName) }

// with runs f on the open database. If the database turns out to be damaged it
// is set aside and f runs once more, on a new one.
func (s *Store) with(ctx context.Context, f func(db *sql.DB, key []byte) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for attempt := 0; ; attempt++ {
		err := s.openLocked(ctx)
		if err == nil {
			if err = f(s.db, s.seal); err == nil {
				return nil
			}
		}
		if attempt > 0 || !damaged(err) {
			return err
		}
		if err := s.setAside(ctx, err); err != nil {
			return err
		}
	}
}

func (s *Store) openLocked(ctx context.Context) error {
	if s.db != nil {
		return nil
	}
	// Everybody opens in turn: switching a new file to WAL and migrating it are
	// not things to do side by side.
	unlock, err := s.lock(ctx, "store")
	if err != nil {
		return fmt.Errorf("opening godrift's state: %w", err)
	}
	defer unlock()
	if s.seal, err = s.key(); err != nil {
		return err
	}
	// SQLite gives its side files the mode of the database.
	f, err := os.OpenFile(s.file(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("opening godrift's state: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("opening godrift's state: %w", err)
	}
	if err := private(s.file(), 0o600); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(runtime.GOOS, s.file()))
	if err != nil {
		return fmt.Errorf("opening %s: %w", s.file(), err)
	}
	db.SetMaxOpenConns(1)
	if err := migrate(ctx, db, s.file()); err != nil {
		db.Close() //nolint:errcheck // the first error counts
		return err
	}
	s.db = db
	said, err := config.Read(s.configFile)
	s.kept = said.History
	if s.wrong = err; err != nil {
		s.notes = append(s.notes, fmt.Sprintf("what to keep of the history cannot be read, so nothing is forgotten until that is corrected: %v", s.wrong))
	}
	return nil
}

// dsn names the file for the driver. The busy timeout comes first, so that the
// other settings wait for their turn too; every transaction that is begun is
// one that writes.
func dsn(goos, file string) string {
	path := file
	if goos == "windows" {
		path = "/" + strings.ReplaceAll(file, `\`, "/")
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}.Encode()}
	return u.String()
}

// damaged reports whether SQLite says that the file is no database, or not a
// whole one.
func damaged(err error) bool {
	if errors.Is(err, errDamaged) {
		return true
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	const corrupt, notADB = 11, 26 // SQLITE_CORRUPT, SQLITE_NOTADB
	code := e.Code() & 0xff
	return code == corrupt || code == notADB
}

// setAside renames the damaged database. It is never deleted: a person may
// still get something out of it.
func (s *Store) setAside(ctx context.Context, cause error) error {
	if s.db != nil {
		s.db.Close() //nolint:errcheck // it is damaged
		s.db = nil
	}
	unlock, err := s.lock(ctx, "store")
	if err != nil {
		return fmt.Errorf("setting the damaged %s aside: %w", s.file(), err)
	}
	defer unlock()
	// Another process may have done it in the meantime.
	if err := probe(ctx, s.file()); err == nil || !damaged(err) {
		return nil
	}
	aside := s.file() + time.Now().UTC().Format(".damaged-20060102T150405.000")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(s.file()+suffix, aside+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("setting the damaged %s aside: %w", s.file(), err)
		}
	}
	s.notes = append(s.notes, fmt.Sprintf("godrift's memory was damaged (%v): it was set aside as %s and a new one was begun; fixes made before cannot be undone from it", cause, aside))
	return nil
}

// probe reads the whole database and returns what SQLite has to say about it.
func probe(ctx context.Context, file string) error {
	db, err := sql.Open("sqlite", dsn(runtime.GOOS, file))
	if err != nil {
		return fmt.Errorf("opening %s: %w", file, err)
	}
	defer db.Close() //nolint:errcheck // it was only read
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("checking %s: %w", file, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("checking %s: %s: %w", file, verdict, errDamaged)
	}
	return nil
}

// folder makes a folder in the state folder.
func (s *Store) folder(name string) (string, error) {
	dir := filepath.Join(s.dir, name)
	if err := makePrivate(s.dir); err != nil {
		return "", err
	}
	return dir, makePrivate(dir)
}

// makePrivate makes a folder that only the user can look into.
func makePrivate(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the folder for godrift's state: %w", err)
	}
	return private(dir, 0o700)
}

// private takes the rights of everybody else away from a file or folder that
// was made by somebody else's hand.
func private(name string, mode fs.FileMode) error {
	info, err := os.Stat(name)
	if err != nil {
		return fmt.Errorf("looking at godrift's state: %w", err)
	}
	if runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	if err := os.Chmod(name, mode); err != nil {
		return fmt.Errorf("closing godrift's state to others: %w", err)
	}
	return nil
}

// Exists reports whether there is a database already. It makes none.
func (s *Store) Exists() (bool, error) {
	if _, err := os.Stat(s.file()); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return false, fmt.Errorf("looking for godrift's state: %w", err)
	}
	return true, nil
}
