package keyfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"gatehouse/adapters/keyfile"
)

func write(t *testing.T, path, content string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // WriteFile's mode goes through the umask
		t.Fatal(err)
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// refuses fails the test unless err says all of the words.
func refuses(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error %q does not say %q", err, word)
		}
	}
}

func never(t *testing.T) func() ([]byte, error) {
	return func() ([]byte, error) {
		t.Error("a new key was made")
		return []byte("new"), nil
	}
}

func TestLoadOrCreateMakesTheFileOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	made := func() ([]byte, error) { return []byte("made"), nil }
	got, created, err := keyfile.LoadOrCreate(path, made)
	if err != nil || !created || string(got) != "made" {
		t.Fatalf("first: %q, %v, %v", got, created, err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o600 {
		t.Errorf("the file has mode %v, want -rw-------", info.Mode())
	}
	got, created, err = keyfile.LoadOrCreate(path, never(t))
	if err != nil || created || string(got) != "made" {
		t.Fatalf("second: %q, %v, %v", got, created, err)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, want the key alone", entries)
	}
}

func TestLoadOrCreateTakesWhatIsThere(t *testing.T) {
	for _, mode := range []fs.FileMode{0o600, 0o400, 0o700} {
		path := filepath.Join(t.TempDir(), "key")
		write(t, path, "there", mode)
		got, created, err := keyfile.LoadOrCreate(path, never(t))
		if err != nil || created || string(got) != "there" {
			t.Errorf("%v: %q, %v, %v", mode, got, created, err)
		}
	}
}

func TestLoadOrCreateRefusesOtherAccounts(t *testing.T) {
	for _, mode := range []fs.FileMode{0o644, 0o640, 0o620, 0o604, 0o602, 0o666, 0o440, 0o601, 0o610} {
		t.Run(fmt.Sprintf("%04o", mode), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "key")
			write(t, path, "there", mode)
			_, _, err := keyfile.LoadOrCreate(path, never(t))
			refuses(t, err, path, "open to other accounts", fmt.Sprintf("(mode %04o)", mode), "run chmod 600 "+path)
		})
	}
}

func TestLoadOrCreateRefusesWhatIsNoKey(t *testing.T) {
	for name, test := range map[string]struct {
		make func(t *testing.T, path string)
		want []string
	}{
		"empty": {func(t *testing.T, path string) { write(t, path, "", 0o600) }, []string{"empty", "restore it from a backup"}},
		"too large": {
			func(t *testing.T, path string) { write(t, path, strings.Repeat("x", 64<<10+1), 0o600) },
			[]string{"too large", "restore it from a backup"},
		},
		"directory": {func(t *testing.T, path string) { mustDo(t, os.Mkdir(path, 0o700)) }, []string{"a directory", "move away"}},
		"named pipe": {
			func(t *testing.T, path string) { mustDo(t, syscall.Mkfifo(path, 0o600)) },
			[]string{"not a regular file", "move away"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "key")
			test.make(t, path)
			before, _ := os.Lstat(path)
			got, created, err := keyfile.LoadOrCreate(path, never(t))
			refuses(t, err, append(test.want, path)...)
			if got != nil || created {
				t.Errorf("got %q, %v with an error", got, created)
			}
			after, _ := os.Lstat(path)
			if !os.SameFile(before, after) || before.Size() != after.Size() {
				t.Error("the refused file was touched")
			}
		})
	}
}

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestLargestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	write(t, path, strings.Repeat("x", 64<<10), 0o600)
	if got, _, err := keyfile.LoadOrCreate(path, never(t)); err != nil || len(got) != 64<<10 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// A link is refused, wherever it leads, and nothing is read or made there.
func TestSymbolicLinks(t *testing.T) {
	target := filepath.Join(t.TempDir(), "target")
	write(t, target, "there", 0o600)
	for name, target := range map[string]string{"a key": target, "a directory": t.TempDir(), "nothing": target + ".missing"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "key")
			mustDo(t, os.Symlink(target, path))
			got, created, err := keyfile.LoadOrCreate(path, never(t))
			refuses(t, err, path+" is a symbolic link", "move away")
			if got != nil || created {
				t.Errorf("got %q, %v with an error", got, created)
			}
		})
	}
	if _, err := os.Lstat(target + ".missing"); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the target was made")
	}
}

func TestKeysThatCannotBeMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	failure := errors.New("no randomness")
	for name, create := range map[string]func() ([]byte, error){
		"failing": func() ([]byte, error) { return nil, failure },
		"empty":   func() ([]byte, error) { return nil, nil },
		"large":   func() ([]byte, error) { return bytes.Repeat([]byte("x"), 64<<10+1), nil },
	} {
		_, created, err := keyfile.LoadOrCreate(path, create)
		if err == nil || created || name == "failing" && !errors.Is(err, failure) {
			t.Errorf("%s: %v, %v", name, created, err)
		}
		if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 0 {
			t.Errorf("%s: the folder holds %v", name, entries)
		}
	}
}

func TestMissingFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "missing")
	_, created, err := keyfile.LoadOrCreate(filepath.Join(folder, "key"), func() ([]byte, error) { return []byte("new"), nil })
	if created || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("made: %t, %v, want %v", created, err, fs.ErrNotExist)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("the folder was made")
	}
}

// All at once make different keys, and all of them get the same one.
func TestRacingStartsAgree(t *testing.T) {
	const starts = 20
	for range 10 {
		path := filepath.Join(t.TempDir(), "key")
		var made, got [starts]string
		var winners [starts]bool
		race(starts, func(i int) error {
			made[i] = fmt.Sprintf("key %d", i)
			content, created, err := keyfile.LoadOrCreate(path, func() ([]byte, error) { return []byte(made[i]), nil })
			got[i], winners[i] = string(content), created
			return err
		}, t)
		winner := -1
		for i := range starts {
			if winners[i] && winner >= 0 {
				t.Errorf("%d and %d both made the file", winner, i)
			}
			if winners[i] {
				winner = i
			}
			if got[i] != content(t, path) {
				t.Errorf("%d got %q, the file holds %q", i, got[i], content(t, path))
			}
		}
		if winner < 0 || got[winner] != made[winner] {
			t.Errorf("the winner %d did not make what is there", winner)
		}
		if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
			t.Errorf("the folder holds %v, want the key alone", entries)
		}
	}
}

// race runs do n times at once.
func race(n int, do func(i int) error, t *testing.T) {
	t.Helper()
	var done sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		done.Go(func() {
			<-start
			if err := do(i); err != nil {
				t.Errorf("start %d: %v", i, err)
			}
		})
	}
	close(start)
	done.Wait()
}
