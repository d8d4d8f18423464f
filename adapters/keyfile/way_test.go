package keyfile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"gatehouse/adapters/keyfile"
)

// chain makes links, each to the next and the last to the file, and returns the first.
func chain(t *testing.T, links int) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	write(t, path, "x", 0o600)
	for n := range links {
		next := filepath.Join(dir, fmt.Sprint(n))
		mustDo(t, os.Symlink(filepath.Base(path), next))
		path = next
	}
	return path
}

// The system follows 40 links. A longer way cannot be told, so it counts as somebody else's.
func TestHowManyLinksAreOnTheWay(t *testing.T) {
	nobody := func(int) bool { return false }
	for links, want := range map[int]bool{0: false, 1: false, 40: false, 41: true} {
		path := chain(t, links)
		if _, err := os.Stat(path); (err != nil) != want {
			t.Errorf("the system follows %d links: %v", links, err)
		}
		if got := keyfile.OnTheWay(path, nobody); got != want {
			t.Errorf("with %d links somebody is on the way: %t, want %t", links, got, want)
		}
	}
}

// Every part of the way is asked about: the folders of the link, the link, and what it leads to.
func TestAllThatIsOnTheWay(t *testing.T) {
	asked := 0
	count := func(int) bool { asked++; return false }
	there := t.TempDir()
	write(t, filepath.Join(there, "file"), "x", 0o600)
	keyfile.OnTheWay(filepath.Join(there, "file"), count)
	direct := asked
	link := filepath.Join(t.TempDir(), "link")
	keyfile.OnTheWay(filepath.Dir(link), count)
	folders := asked - direct
	mustDo(t, os.Symlink(there, link))
	asked = 0
	if keyfile.OnTheWay(filepath.Join(link, "file"), count); asked != folders+1+direct {
		t.Errorf("asked about %d parts, want %d folders, the link and %d parts behind it", asked, folders, direct)
	}
	for stop := range asked {
		n := 0
		if !keyfile.OnTheWay(filepath.Join(link, "file"), func(int) bool { n++; return n > stop }) {
			t.Errorf("nobody is on the way although part %d is meant", stop)
		}
	}
	if keyfile.OnTheWay(filepath.Join(there, "none"), func(int) bool { return false }) {
		t.Error("somebody is on the way to nothing")
	}
}

// A file of settings is trusted if it is a regular file, and no other account can write to it.
func TestOpenTrusted(t *testing.T) {
	dir := t.TempDir()
	good, pipe := filepath.Join(dir, "good"), filepath.Join(dir, "pipe")
	write(t, good, "x", 0o644)
	mustDo(t, syscall.Mkfifo(pipe, 0o600))
	file, err := keyfile.OpenTrusted(good)
	mustDo(t, err)
	mustDo(t, file.Close())
	for _, path := range []string{dir, pipe} {
		_, err := keyfile.OpenTrusted(path)
		refuses(t, err, "regular file")
	}
	for _, mode := range []os.FileMode{0o664, 0o646} {
		mustDo(t, os.Chmod(good, mode))
		_, err := keyfile.OpenTrusted(good)
		refuses(t, err, "chmod go-w "+good)
	}
	_, err = keyfile.OpenTrusted(filepath.Join(dir, "none"))
	refuses(t, err, "no such file")
}
