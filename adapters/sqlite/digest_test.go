package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
)

// trailerLength is that of the line with the digest at the end of a backup.
const trailerLength = len("\ngatehouse backup 1 ") + 64 + 1

// unsigned takes the digest off a backup, as if it had been copied by other means.
func unsigned(t *testing.T, file ports.BackupFile) ports.BackupFile {
	t.Helper()
	content, err := os.ReadFile(file.Path)
	must(t, err)
	if at := strings.LastIndex(string(content), "\ngatehouse backup 1 "); at >= 0 {
		must(t, os.Truncate(file.Path, int64(at)))
	}
	file.UnsignedCopy = true
	return file
}

// edited changes the bytes of a file.
func edited(t *testing.T, path string, edit func(content []byte) []byte) {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, edit(content), 0o600))
}

// A backup can only be changed with the key, although people, passwords and rights have no seals of
// their own.
func TestRestoreRefusesAnEditedBackup(t *testing.T) {
	_, another := goneOn(t)
	for name, edit := range map[string]func(t *testing.T, path string){
		"a right": func(t *testing.T, path string) { spoilWith(t, path, "UPDATE staff SET is_superuser = 1") },
		"one bit": func(t *testing.T, path string) {
			edited(t, path, func(c []byte) []byte { c[len(c)-trailerLength-1] ^= 1; return c })
		},
		"something after it": func(t *testing.T, path string) {
			edited(t, path, func(c []byte) []byte { return append(c, c[len(c)-trailerLength:]...) })
		},
		"something within it": func(t *testing.T, path string) {
			edited(t, path, func(c []byte) []byte { return append(c[:4096:4096], c[2048:]...) })
		},
		"the digest": func(t *testing.T, path string) {
			edited(t, path, func(c []byte) []byte { return append(c[:len(c)-2], c[len(c)-2]^1, '\n') })
		},
		"the digest of another": func(t *testing.T, path string) {
			other, err := os.ReadFile(another.Path)
			must(t, err)
			spoilWith(t, path, "UPDATE staff SET is_superuser = 1")
			edited(t, path, func(c []byte) []byte { return append(c[:len(c)-trailerLength], other[len(other)-trailerLength:]...) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, file := goneOn(t)
			edit(t, file.Path)
			mustNotRestore(t, dir, file, endEvery, domain.ErrBackupRefused, "is not as gatehouse backup has written it")
			file.UnsignedCopy = true // is for a copy that has no digest
			mustNotRestore(t, dir, file, endEvery, domain.ErrBackupRefused, "is not as gatehouse backup has written it")
		})
	}
}

func TestRestoreOfAnEditedBackupAllTheSame(t *testing.T) {
	dir, file := goneOn(t)
	spoilWith(t, file.Path, "UPDATE staff SET is_superuser = 1")
	file.BrokenTrail = true
	got, err := filesOf(dir).Restore(t.Context(), file, endEvery)
	must(t, err)
	if got.Staff != 2 {
		t.Errorf("restored is %+v", got)
	}
}

func TestRestoreOfACopyWithoutADigest(t *testing.T) {
	dir, file := goneOn(t)
	file = unsigned(t, file)
	file.UnsignedCopy, file.BrokenTrail = false, true // which is for something else
	mustNotRestore(t, dir, file, endEvery, domain.ErrBackupRefused, "--unsigned-copy")
	file.UnsignedCopy, file.BrokenTrail = true, false
	got, err := filesOf(dir).Restore(t.Context(), file, endEvery)
	must(t, err)
	if !got.Unsigned || got.Staff != 2 {
		t.Errorf("restored is %+v, want an unsigned copy", got)
	}
	dir, file = goneOn(t)
	file.UnsignedCopy = true // makes no difference to a good backup
	if got, err := filesOf(dir).Restore(t.Context(), file, endEvery); err != nil || got.Unsigned {
		t.Errorf("a good backup: %+v, %v", got, err)
	}
}

// A copy from which the trail was taken away is no copy of a store that had one.
func TestRestoreRefusesAnEmptiedTrail(t *testing.T) {
	for name, statements := range map[string]string{
		"people are left": "DELETE FROM audit_event",
		"nobody is left":  "DELETE FROM audit_event; DELETE FROM staff",
	} {
		dir, file := goneOn(t)
		file = unsigned(t, file)
		db := raw(t, file.Path)
		triggers := triggersOf(t, db)
		for trigger := range triggers {
			exec(t, db, "DROP TRIGGER "+trigger)
		}
		exec(t, db, statements)
		for _, text := range triggers {
			exec(t, db, text)
		}
		must(t, db.Close())
		mustNotRestore(t, dir, file, endEvery, domain.ErrTrailBroken, "audit event 1: missing")
		_, err := filesOf(t.TempDir()).Restore(t.Context(), file, nothing)
		if wants := name == "people are left"; errors.Is(err, domain.ErrTrailBroken) != wants {
			t.Errorf("%s, into an empty folder: %v", name, err)
		}
		file.BrokenTrail = true
		_, err = filesOf(dir).Restore(t.Context(), file, endEvery)
		must(t, err)
	}
}

// What gatehouse has written stands alone, whatever is said.
func TestNothingBelongsToABackup(t *testing.T) {
	dir, file := goneOn(t)
	must(t, os.WriteFile(file.Path+"-wal", []byte("planted"), 0o600))
	file.SideFiles, file.UnsignedCopy, file.BrokenTrail = true, true, true
	mustNotRestore(t, dir, file, endEvery, domain.ErrBackupRefused, file.Path+"-wal lies beside it")
}

// A backup would give a trail that was cut off a digest.
func TestBackupRefusesATrailThatWasCutOff(t *testing.T) {
	for name, statement := range map[string]string{"its end": "DELETE FROM audit_event WHERE sequence = 2", "all": "DELETE FROM audit_event"} {
		dir := closed(t)
		unprotected(t, dir, statement)
		file := ports.BackupFile{Path: filepath.Join(t.TempDir(), "copy.db")}
		if _, err := filesOf(dir).Backup(t.Context(), file); !errors.Is(err, domain.ErrTrailBroken) {
			t.Errorf("%s: %v, want ErrTrailBroken", name, err)
		}
		file.BrokenTrail = true
		_, err := filesOf(dir).Backup(t.Context(), file)
		must(t, err)
	}
}

// The digest is behind what SQLite reads: a backup is a database for every program, also in the
// place of ours.
func TestABackupIsADatabase(t *testing.T) {
	_, file := goneOn(t)
	content, err := os.ReadFile(file.Path)
	must(t, err)
	if end := string(content[len(content)-trailerLength:]); !strings.HasPrefix(end, "\ngatehouse backup 1 ") || !strings.HasSuffix(end, "\n") {
		t.Errorf("it ends with %q", end)
	}
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, sqlite.FileName), content, 0o600))
	inFolderWith(t, dir, testKey, func(db *sqlite.DB) { appendEvents(t, db, 0, 200) })
	var verdict string
	db := raw(t, filepath.Join(dir, sqlite.FileName))
	must(t, db.QueryRow("PRAGMA integrity_check").Scan(&verdict))
	if verdict != "ok" {
		t.Errorf("after 200 events it is %s", verdict)
	}
}
