package breached_test

import (
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gatehouse/adapters/breached"
	"gatehouse/domain"
)

// hashes are those of some passwords in the order of the list, with more in between.
func hashes(passwords ...string) (all []string) {
	for n := range 5000 {
		passwords = append(passwords, fmt.Sprint("filler ", n))
	}
	for _, password := range passwords {
		all = append(all, fmt.Sprintf("%X", sha1.Sum([]byte(password))))
	}
	slices.Sort(all)
	return all
}

// sortedFile is a list as the downloader writes it.
func sortedFile(t *testing.T, end string, hashes ...string) string {
	t.Helper()
	var text strings.Builder
	for i, hash := range hashes {
		fmt.Fprintf(&text, "%s:%d%s", hash, i*i+1, end)
	}
	return file(t, text.String())
}

func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pwned.txt")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rangeFolder is a folder of ranges, each in a file by one of the names that are in use.
func rangeFolder(t *testing.T, name func(prefix string) string, hashes ...string) string {
	t.Helper()
	texts := map[string]string{}
	for _, hash := range hashes {
		texts[hash[:5]] += hash[5:] + ":3\r\n"
	}
	folder := t.TempDir()
	for prefix, text := range texts {
		if err := os.WriteFile(filepath.Join(folder, name(prefix)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func open(t *testing.T, path string) *breached.Passwords {
	t.Helper()
	if err := breached.Check(path); path != "" && err != nil {
		t.Fatalf("Check: %v", err)
	}
	passwords, closeThem, err := breached.New(breached.Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closeThem)
	return passwords
}

func must(t *testing.T, p *breached.Passwords, password string, want bool) {
	t.Helper()
	if got, err := p.Breached(t.Context(), domain.NewPassword(password)); err != nil || got != want {
		t.Errorf("%q is breached: %t, %v; want %t", password, got, err, want)
	}
}

func TestSortedFile(t *testing.T) {
	all := hashes("password", "P@ssw0rd", "kōwhai\xff")
	for name, path := range map[string]string{
		"CRLF": sortedFile(t, "\r\n", all...), "LF": sortedFile(t, "\n", all...),
		"no line break at the end": file(t, strings.TrimSuffix(strings.Join(all, ":1\n")+":1", "\n")),
		"lower case":               file(t, strings.ToLower(strings.Join(all, ":7\n"))+":7\n"),
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, path)
			for _, known := range []string{"password", "P@ssw0rd", "kōwhai\xff"} {
				must(t, p, known, true)
			}
			for n := 0; n < 5000; n += 7 {
				must(t, p, fmt.Sprint("filler ", n), true)
				must(t, p, fmt.Sprint("other ", n), false)
			}
			must(t, p, "", false)
		})
	}
}

func TestSortedFileOfOneLine(t *testing.T) {
	p := open(t, sortedFile(t, "\n", fmt.Sprintf("%X", sha1.Sum([]byte("password")))))
	must(t, p, "password", true)
	must(t, p, "Password", false)
}

func TestFolder(t *testing.T) {
	for name, spelling := range map[string]func(string) string{
		"21BD1.txt": func(prefix string) string { return prefix + ".txt" },
		"21BD1":     func(prefix string) string { return prefix },
		"21bd1.txt": func(prefix string) string { return strings.ToLower(prefix) + ".txt" },
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, rangeFolder(t, spelling, hashes("password")...))
			must(t, p, "password", true)
			must(t, p, "filler 77", true)
		})
	}
}

// Some servers pad their answers with lines that count nobody.
func TestPaddingIsNoBreach(t *testing.T) {
	hash := fmt.Sprintf("%X", sha1.Sum([]byte("password")))
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, hash[:5]), []byte(hash[5:]+":0\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, open(t, folder), "password", false)
}

func TestNoListKnowsNothing(t *testing.T) { must(t, open(t, ""), "password", false) }

func TestCheckRefuses(t *testing.T) {
	const malformed = "there is a line that is not HASH:count, with a SHA-1 hash in hex: is this a list of SHA-1 hashes?"
	const badRange = "a file of a range is not lines of 35 hex digits, a colon and a number"
	all := hashes()
	byCount := slices.Clone(all)
	byCount[0], byCount[700] = byCount[700], byCount[0]
	late := slices.Clone(all)
	slices.Reverse(late[2000:])
	folder := func(name, content string) string {
		path := t.TempDir()
		if err := os.WriteFile(filepath.Join(path, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	unreadable := t.TempDir()
	if err := os.Mkdir(filepath.Join(unreadable, "21BD1"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ path, want string }{
		"nothing there":   {filepath.Join(t.TempDir(), "none"), "no such file or directory"},
		"empty":           {file(t, ""), "it is empty"},
		"plain passwords": {file(t, "password\n123456\n"), malformed},
		"NTLM":            {file(t, "8846F7EAEE8FB117AD06BDD830B7586C:10\n"), malformed},
		"no count":        {file(t, all[0]+"\n"), malformed},
		"cut off":         {file(t, strings.Join(all, ":1\n")), malformed},
		"zeros":           {file(t, strings.Repeat("\x00", 1<<20)), malformed},
		"one long line":   {file(t, strings.Repeat("A", 1<<20)), malformed},
		"by count":        {sortedFile(t, "\n", byCount...), "its hashes are not in their order: download the list that is ordered by hash"},
		"by count, late":  {sortedFile(t, "\n", late...), "its hashes are not in their order: download the list that is ordered by hash"},
		"empty folder":    {t.TempDir(), "no file in it is called by five hex digits, such as 21BD1.txt"},
		"other files":     {folder("README.txt", "x"), "no file in it is called by five hex digits, such as 21BD1.txt"},
		"empty range":     {folder("21BD1.txt", ""), badRange},
		"whole hashes":    {folder("21BD1", all[0]+":1\n"), badRange},
		"range of text":   {folder("21BD1", "password\n"), badRange},
		"not a file":      {unreadable, "is a directory"},
		"a device":        {"/dev/null", "it is neither a file nor a folder"},
	} {
		if err := breached.Check(test.path); err == nil || err.Error() != test.want {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// Where the copy cannot be read, nobody says that a password is fine.
func TestWhatCannotBeReadIsNoAnswer(t *testing.T) {
	all := hashes()
	shrunk := sortedFile(t, "\n", all...)
	garbled := sortedFile(t, "\n", all...)
	gone := rangeFolder(t, func(prefix string) string { return prefix }, all...)
	open := map[string]*breached.Passwords{"shrunk": open(t, shrunk), "garbled": open(t, garbled), "a range is missing": open(t, gone)}
	if err := errors.Join(os.Truncate(shrunk, 100), os.WriteFile(garbled, []byte(strings.Repeat("?", 5000*45)), 0o600)); err != nil {
		t.Fatal(err)
	}
	for name, p := range open {
		found, err := p.Breached(t.Context(), domain.NewPassword("correct horse battery staple"))
		if found || !errors.Is(err, domain.ErrBreachesUnknown) {
			t.Errorf("%s: %t, %v; want that it is unavailable", name, found, err)
		}
	}
}

func TestErrorsTellNothingOfTheHash(t *testing.T) {
	folder := rangeFolder(t, func(prefix string) string { return prefix }, hashes()...)
	_, err := open(t, folder).Breached(t.Context(), domain.NewPassword("correct horse battery staple"))
	sum := fmt.Sprintf("%X", sha1.Sum([]byte("correct horse battery staple")))
	if err == nil || strings.Contains(strings.ToUpper(err.Error()), sum[:5]) {
		t.Errorf("the error is %v", err)
	}
}

func TestBreachedWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := open(t, "").Breached(ctx, domain.NewPassword("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was cancelled", err)
	}
}

func TestMissing(t *testing.T) {
	some := rangeFolder(t, func(prefix string) string { return prefix }, hashes()...)
	var every []string
	for i := range 64 {
		every = append(every, fmt.Sprintf("%05X%035X", i*16644, 1))
	}
	whole := rangeFolder(t, func(prefix string) string { return prefix + ".txt" }, every...)
	for path, want := range map[string]bool{"": false, some: true, whole: false, sortedFile(t, "\n", hashes()...): false} {
		if got := breached.Missing(path); got != want {
			t.Errorf("%s lacks ranges: %t, want %t", path, got, want)
		}
	}
}
