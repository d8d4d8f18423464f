package ownfile_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gatehouse/adapters/internal/ownfile"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusesEverythingElse(t *testing.T) {
	for what, make := range map[string]func(path string) error{
		"a symbolic link": func(path string) error {
			return errors.Join(os.WriteFile(path+".real", []byte("x"), 0o600), os.Symlink(path+".real", path))
		},
		"a directory":  func(path string) error { return os.Mkdir(path, 0o700) },
		"a named pipe": func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"a socket": func(path string) error {
			listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
			if err != nil {
				return err
			}
			listener.SetUnlinkOnClose(false)
			return listener.Close()
		},
	} {
		path := filepath.Join(t.TempDir(), "f")
		must(t, make(path))
		mustNotOpen(t, path, what)
	}
	mustNotOpen(t, os.DevNull, "a device")
}

func mustNotOpen(t *testing.T, path, what string) {
	t.Helper()
	for _, flags := range []int{os.O_RDONLY, os.O_RDWR, os.O_RDWR | os.O_CREATE} {
		if _, err := ownfile.Open(path, flags); !errors.Is(err, ownfile.ErrNotRegular) || !strings.Contains(err.Error(), path+" is "+what) {
			t.Errorf("%s with flags %#x: %v, want ErrNotRegular that says so", what, flags, err)
		}
	}
	if _, err := ownfile.Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Create over %s: %v, want fs.ErrExist", what, err)
	}
}

// A link that leads nowhere must not have a file made where it leads.
func TestNothingIsMadeThroughALink(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	must(t, os.Symlink(path+".real", path))
	mustNotOpen(t, path, "a symbolic link")
	if _, err := os.Lstat(path + ".real"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was made: %v", err)
	}
}

func TestOpenAFile(t *testing.T) {
	folder := t.TempDir()
	link := filepath.Join(t.TempDir(), "folder")
	must(t, os.Symlink(folder, link))
	made, err := ownfile.Create(filepath.Join(link, "f"))
	must(t, err)
	_, err = made.WriteString("text")
	must(t, errors.Join(err, made.Close()))
	again, err := ownfile.Open(filepath.Join(link, "f"), os.O_RDONLY)
	must(t, err)
	defer func() { must(t, again.Close()) }()
	info, err := again.Stat()
	must(t, err)
	if ownfile.Names(info) != 1 || info.Size() != 4 || info.Mode() != 0o600 || ownfile.Owner(info) != os.Geteuid() {
		t.Errorf("%d bytes, mode %v, of account %d", info.Size(), info.Mode(), ownfile.Owner(info))
	}
	if _, err := ownfile.Open(filepath.Join(folder, "other"), os.O_RDWR); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v, want fs.ErrNotExist", err)
	}
}
