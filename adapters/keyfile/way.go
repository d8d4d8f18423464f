package keyfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"gatehouse/adapters/internal/ownfile"
)

// mostLinks is how many links Linux follows on the way to a file (path_resolution(7)).
const mostLinks = 40

// OnTheWay reports whether an account for which meant is true owns something on the way to path.
// Such an account could put a link there. OnTheWay follows every link as the system does, because
// a link of root's may lead to a link of somebody else's. It is also true if the way is unknown.
func OnTheWay(path string, meant func(uid int) bool) bool {
	if !filepath.IsAbs(path) {
		here, err := os.Getwd()
		if err != nil {
			return true
		}
		path = here + "/" + path // not cleaned: ".." behind a link leads elsewhere than it looks
	}
	at, names := "/", strings.Split(path, "/")
	for links := 0; len(names) > 0 && links <= mostLinks; {
		next := filepath.Join(at, names[0]) // at is no link, so ".." may be taken literally
		names = names[1:]
		info, err := os.Lstat(next)
		if err != nil {
			return false // nothing is there, or nothing behind it
		}
		if meant(ownfile.Owner(info)) {
			return true
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		target, err := os.Readlink(next)
		if err != nil {
			return true
		}
		if links++; filepath.IsAbs(target) {
			at = "/"
		}
		names = append(strings.Split(target, "/"), names...)
	}
	return len(names) > 0
}

// OpenNamed opens a file that a setting names. Root refuses a file to which another account could have
// led it, unless everybody may read that or it is that account's own.
func OpenNamed(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, errors.New("is the file there?")
	}
	planted, err := isPlanted(path, file)
	if err == nil && planted {
		err = errors.New("another account owns a folder or a link on the way, and the file is not that account's: keep it in a folder of root's")
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

func isPlanted(path string, file *os.File) (bool, error) {
	info, err := file.Stat()
	if err != nil || os.Geteuid() != 0 || info.Mode().Perm()&0o004 != 0 {
		return false, err
	}
	return OnTheWay(path, func(uid int) bool { return uid != 0 && uid != ownfile.Owner(info) }), nil
}

// OpenTrusted opens a file that decides what this process does, such as where it works. Only this account
// and root may write to it, and for root only root, on the whole way to the file.
//
// The error says what is wrong and what to do.
func OpenTrusted(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe must not keep us waiting
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	if err := checkTrusted(path, file); err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

func checkTrusted(path string, file *os.File) error {
	info, err := file.Stat()
	if err == nil {
		err = ownfile.CheckRegular(path, info)
	}
	stranger := func(uid int) bool { return uid != 0 && uid != os.Geteuid() }
	switch {
	case err != nil:
		return err
	case info.Mode().Perm()&0o022 != 0:
		return fmt.Errorf("other accounts can write to it: run chmod go-w %s", path)
	case stranger(ownfile.Owner(info)) || OnTheWay(path, stranger):
		return errors.New("it, or a folder or a link on the way to it, belongs to another account: keep it in a folder of root's, such as /etc/gatehouse")
	}
	return nil
}
