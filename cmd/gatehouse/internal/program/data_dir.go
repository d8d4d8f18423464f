package program

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"gatehouse/adapters/breached"
	"gatehouse/adapters/keyfile"
	"gatehouse/cmd/gatehouse/internal/config"
)

// An account is one of the system's, by the numbers that files have.
type account struct {
	uid, gid int
	groups   []int
}

// enterDataDir makes the data folder, for its account alone, and refuses one into which other
// accounts can put files.
//
// A process of root becomes the account that the folder belongs to, for good: that account
// could have put a link to any file of the system where root looks for a file of ours. Whatever
// the operator has named, and only root may open, must be open before. If there is no folder
// yet, the account is that of the folder in which it will be. The result is the account that
// the process has become, or nil.
func enterDataDir(s *config.Settings) (became *account, err error) {
	if os.Geteuid() == 0 {
		if became, err = becomeOwner(s.DataDir); err != nil {
			return nil, fmt.Errorf("GATEHOUSE_DATA_DIR = %q cannot be worked in by root: %w", s.DataDir, err)
		}
	}
	if err := makeDataDir(s.DataDir); err != nil {
		return nil, err
	}
	return became, recheckFiles(s, became)
}

// makeDataDir makes the folder for this account alone, and refuses one into which other
// accounts can put files.
func makeDataDir(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("GATEHOUSE_DATA_DIR = %q cannot be made: %w", path, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("GATEHOUSE_DATA_DIR = %q can be written to by other accounts: run chmod 700 %s", path, path)
	}
	return nil
}

// recheckFiles complains of a file that is read again later, and only root could read.
func recheckFiles(s *config.Settings, became *account) error {
	if became == nil || s.Breached == "" {
		return nil
	}
	if err := breached.Check(s.Breached); err != nil {
		return config.Error{Name: "PASSWORD_BREACHED_FILE", Problem: fmt.Sprintf("= %q cannot be used by the account %d, which the service runs as: %v", s.Breached, became.uid, err)}
	}
	return nil
}

// becomeOwner returns nil if the process stays root, because the folder is root's.
func becomeOwner(dir string) (*account, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := checkLinks(path); err != nil {
		return nil, err
	}
	nearest := existing(path)
	info, err := os.Stat(nearest)
	if err != nil {
		return nil, err
	}
	if ownerOf(info) == 0 {
		return nil, checkFoldersAbove(nearest)
	}
	a := accountOf(info)
	if err := a.become(); err != nil {
		return nil, fmt.Errorf("it belongs to the account %d, which root cannot become here: run this as that account: %w", a.uid, err)
	}
	if _, err := os.ReadDir(nearest); err != nil {
		return nil, fmt.Errorf("it belongs to the account %d, which cannot get there: let that account through the folders above, "+
			"or, if systemd made it for DynamicUser, move it as docs/operations.md shows: %w", a.uid, err)
	}
	return &a, nil
}

// checkLinks refuses a symbolic link in path unless root owns it, because its owner would choose
// where root works. Root's own links are allowed (systemd makes one for DynamicUser).
func checkLinks(path string) error {
	for ; path != filepath.Dir(path); path = filepath.Dir(path) {
		info, err := os.Lstat(path)
		if err == nil && info.Mode()&fs.ModeSymlink != 0 && ownerOf(info) != 0 {
			return fmt.Errorf("%s is a symbolic link that belongs to the account %d, and not to root: name the folder itself", path, ownerOf(info))
		}
	}
	return nil
}

// checkFoldersAbove refuses a folder of root's that somebody else could exchange for another
// while root works in it.
func checkFoldersAbove(folder string) error {
	real, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return err
	}
	for _, path := range []string{folder, real} {
		for path != filepath.Dir(path) {
			path = filepath.Dir(path)
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			if open := info.Mode().Perm()&0o002 != 0 && info.Mode()&fs.ModeSticky == 0; open || ownerOf(info) != 0 {
				return fmt.Errorf("it is root's, but others can exchange it, because they may write in %s: "+
					"move it, or give it to the account that the service runs as (chown -R)", path)
			}
		}
	}
	return nil
}

// accountChooses reports whether something on the way to path belongs to the account of the data
// folder, which could put a link there: that must be opened as that account. Everything else that
// the operator names is opened by root.
func accountChooses(s *config.Settings, path string) bool {
	dir, err := filepath.Abs(s.DataDir)
	if err != nil || os.Geteuid() != 0 {
		return false
	}
	folder, err := os.Stat(existing(dir))
	if err != nil || ownerOf(folder) == 0 {
		return false
	}
	return keyfile.OnTheWay(path, func(uid int) bool { return uid == ownerOf(folder) })
}

// existing returns the folder, or the nearest one above it that is there.
func existing(path string) string {
	for path != filepath.Dir(path) {
		if _, err := os.Stat(path); err == nil {
			return path
		}
		path = filepath.Dir(path)
	}
	return path
}

func ownerOf(info fs.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Uid) }

// accountOf is the account that a folder belongs to. The system knows its groups, unless the
// account exists only while a service runs (DynamicUser); then the folder tells its group,
// which must not be root's.
func accountOf(folder fs.FileInfo) account {
	stat := folder.Sys().(*syscall.Stat_t)
	a := account{uid: int(stat.Uid), gid: int(stat.Gid)}
	if a.gid == 0 {
		a.gid = a.uid
	}
	if known, err := user.LookupId(strconv.Itoa(a.uid)); err == nil {
		a.gid, _ = strconv.Atoi(known.Gid)
		names, _ := known.GroupIds()
		for _, name := range names {
			if group, err := strconv.Atoi(name); err == nil && group != 0 {
				a.groups = append(a.groups, group)
			}
		}
	}
	return a
}

// become has every thread of the process act as the account, with no way back.
func (a account) become() error {
	if err := syscall.Setgroups(a.groups); err != nil {
		return err
	}
	if err := syscall.Setgid(a.gid); err != nil {
		return err
	}
	if err := syscall.Setuid(a.uid); err != nil {
		return err
	}
	if syscall.Setuid(0) == nil {
		return errors.New("there is a way back")
	}
	return nil
}

// operatorName is the person whom the audit trail names for a command: who GATEHOUSE_OPERATOR says it
// is, who called sudo, or the account of this process. It is "" if that is the service's own account,
// which the data folder belongs to: anybody may be behind that. Nothing of it is proven.
func operatorName(s *config.Settings, getenv func(string) string) string {
	if name := cmp.Or(s.Operator, getenv("SUDO_USER")); name != "" {
		return name
	}
	path, err1 := filepath.Abs(s.DataDir)
	info, err2 := os.Stat(existing(path))
	if errors.Join(err1, err2) == nil && ownerOf(info) == os.Getuid() {
		return ""
	}
	if account, err := user.Current(); err == nil {
		return account.Username
	}
	return fmt.Sprintf("uid %d", os.Getuid())
}
