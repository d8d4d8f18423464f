package ownfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// waysToLink are a file system with hard links, and those without.
var waysToLink = map[string]func(draft, path string) error{
	"hard links": os.Link,
	"EPERM":      noLinks(syscall.EPERM),
	"ENOTSUP":    noLinks(syscall.ENOTSUP),
	"ENOSYS":     noLinks(syscall.ENOSYS),
}

func noLinks(code syscall.Errno) func(draft, path string) error {
	return func(draft, path string) error { return &os.LinkError{Op: "link", Old: draft, New: path, Err: code} }
}

func newDraft(t *testing.T, folder string, content string) string {
	t.Helper()
	draft := filepath.Join(folder, ".draft-"+content)
	if err := os.WriteFile(draft, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return draft
}

func TestPublishNeverReplaces(t *testing.T) {
	t.Parallel()
	for name, link := range waysToLink {
		folder := t.TempDir()
		path := filepath.Join(folder, "f")
		if err := publish(newDraft(t, folder, "first"), path, link); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := publish(newDraft(t, folder, "second"), path, link); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: a taken name: %v, want fs.ErrExist", name, err)
		}
		mustHoldAlone(t, path, "first")
		nowhere := filepath.Join(folder, "nowhere")
		if err := os.Symlink(path+".real", nowhere); err != nil {
			t.Fatal(err)
		}
		if err := publish(newDraft(t, folder, "third"), nowhere, link); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: a link that leads nowhere: %v, want fs.ErrExist", name, err)
		}
	}
}

// mustHoldAlone fails unless path has the content and one name, and no draft is left.
func mustHoldAlone(t *testing.T, path, want string) {
	t.Helper()
	content, err := os.ReadFile(path)
	entries, err2 := os.ReadDir(filepath.Dir(path))
	info, err3 := os.Lstat(path)
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	if string(content) != want || len(entries) != 1 || Names(info) != 1 {
		t.Errorf("%q, with %d names, in a folder of %v; want %q alone", content, Names(info), entries, want)
	}
}

func TestOfSeveralThatPublishOneWins(t *testing.T) {
	t.Parallel()
	for name, link := range waysToLink {
		folder := t.TempDir()
		path, won := filepath.Join(folder, "f"), make(chan string, 20)
		var all sync.WaitGroup
		for n := range cap(won) {
			draft := newDraft(t, folder, fmt.Sprint(n))
			all.Go(func() {
				if err := publish(draft, path, link); err == nil {
					won <- fmt.Sprint(n)
				} else if !errors.Is(err, fs.ErrExist) {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		all.Wait()
		if len(won) != 1 {
			t.Fatalf("%s: %d win", name, len(won))
		}
		mustHoldAlone(t, path, <-won)
	}
}

func TestOtherErrorsOfLinksAreTold(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "f")
	err := publish(newDraft(t, folder, "x"), path, noLinks(syscall.ENOSPC))
	if _, missing := os.Lstat(path); !errors.Is(err, syscall.ENOSPC) || !errors.Is(missing, fs.ErrNotExist) {
		t.Errorf("a full disk: %v, and the name: %v", err, missing)
	}
}
