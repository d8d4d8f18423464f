package acceptance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gatehouse/cmd/internal/running"
)

// serviceAccount is an account that no system has, so these tests need none.
const serviceAccount = 61234

// A serviceFolder is a data folder that belongs to another account, and a folder beside it
// into which only root may look.
type serviceFolder struct {
	t          *testing.T
	dir, roots string
}

// needRoot leaves out what only root can try. What needs no root is tried by other tests.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can become another account")
	}
}

func newServiceFolder(t *testing.T) *serviceFolder {
	t.Helper()
	needRoot(t)
	top := t.TempDir()
	f := &serviceFolder{t, filepath.Join(top, "service"), filepath.Join(top, "roots")}
	f.must(os.Mkdir(f.roots, 0o700))
	f.must(os.Mkdir(f.dir, 0o700))
	f.must(os.Chown(f.dir, serviceAccount, serviceAccount))
	for folder := top; folder != filepath.Dir(folder) && folder != os.TempDir(); folder = filepath.Dir(folder) {
		f.must(os.Chmod(folder, 0o755)) // the account must get there
	}
	people, err := os.ReadFile("testdata/staff.json")
	f.must(err)
	f.must(os.WriteFile(f.root("staff.json"), people, 0o600))
	f.must(os.WriteFile(f.root("secret"), []byte(strings.Repeat("s", 40)), 0o600))
	return f
}

func (f *serviceFolder) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *serviceFolder) own(name string) string  { return filepath.Join(f.dir, name) }
func (f *serviceFolder) root(name string) string { return filepath.Join(f.roots, name) }

func (f *serviceFolder) env() []string {
	return environment("GATEHOUSE_DATA_DIR="+f.dir, "SECRET_KEY_FILE="+f.root("secret"))
}

// asRoot runs the program as root, in a folder of root's.
func (f *serviceFolder) asRoot(args ...string) (output string, status int) {
	f.t.Helper()
	stdout, stderr, status := runProgram(f.t, "/", f.env(), "", args...)
	return stdout + stderr, status
}

func (f *serviceFolder) mustAsRoot(args ...string) string {
	f.t.Helper()
	output, status := f.asRoot(args...)
	if status != 0 {
		f.t.Fatalf("%q: exit status %d: %s", args, status, output)
	}
	return output
}

// mustBeTheAccounts fails if something in the folder is not the account's.
func (f *serviceFolder) mustBeTheAccounts() {
	f.t.Helper()
	entries, err := os.ReadDir(f.dir)
	f.must(err)
	for _, entry := range entries {
		info, err := entry.Info()
		f.must(err)
		if stat := info.Sys().(*syscall.Stat_t); stat.Uid != serviceAccount || stat.Gid != serviceAccount {
			f.t.Errorf("%s belongs to %d:%d", entry.Name(), stat.Uid, stat.Gid)
		}
	}
}

// What root does in the service's folder is as if the service had done it.
func TestRootWorksAsTheServicesAccount(t *testing.T) {
	t.Parallel()
	f := newServiceFolder(t)
	f.mustAsRoot("staff", "import", f.root("staff.json"))
	f.mustBeTheAccounts()
	f.mustAsRoot("staff", "deactivate", "hana@shop.test")
	f.mustAsRoot("backup", f.root("copy.db"))
	f.mustBeTheAccounts()
	f.mustAsRoot("restore", f.root("copy.db"))
	f.mustBeTheAccounts()
	if output := f.mustAsRoot("audit", "list"); !strings.Contains(output, "root") {
		t.Errorf("the trail does not name root as the operator:\n%s", output)
	}
	info, err := os.Stat(f.root("copy.db"))
	f.must(err)
	if info.Mode() != 0o600 || info.Sys().(*syscall.Stat_t).Uid != 0 {
		t.Errorf("the backup has mode %v, of account %d", info.Mode(), info.Sys().(*syscall.Stat_t).Uid)
	}
	entries, err := os.ReadDir(f.roots)
	f.must(err)
	if len(entries) != 3 {
		t.Errorf("root's folder holds %v", entries)
	}
	f.mustServe()
}

// mustServe has the account itself work in its folder.
func (f *serviceFolder) mustServe() {
	f.t.Helper()
	program, err := exec.LookPath("gatehouse")
	f.must(err)
	within := filepath.Join(filepath.Dir(f.dir), "gatehouse") // where the account may look
	f.must(os.Link(program, within))
	cmd := exec.CommandContext(f.t.Context(), within, "staff", "list")
	cmd.Dir, cmd.Env = "/", environment("GATEHOUSE_DATA_DIR="+f.dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: serviceAccount, Gid: serviceAccount}}
	if output, err := cmd.CombinedOutput(); err != nil {
		f.t.Errorf("the account cannot work in its folder: %v\n%s", err, output)
	}
}

// A service that root starts has no power of root's when it answers, in any of its threads.
func TestRootServesAsTheServicesAccount(t *testing.T) {
	t.Parallel()
	f := newServiceFolder(t)
	s := serving(t, "/", f.env())
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", s.Pid()))
	f.must(err)
	if len(threads) == 0 {
		t.Fatal("no thread is found")
	}
	for _, thread := range threads {
		status, err := os.ReadFile(thread)
		f.must(err)
		for _, want := range []string{"Uid:\t61234\t61234\t61234\t61234\n", "Gid:\t61234\t61234\t61234\t61234\n", "Groups:\t \n", "CapEff:\t0000000000000000\n", "CapPrm:\t0000000000000000\n"} {
			if !strings.Contains(string(status), want) {
				t.Errorf("%s lacks %q:\n%s", thread, want, status)
			}
		}
	}
	if !strings.Contains(s.Stderr.String(), `"msg":"root has become the account that the data folder belongs to","uid":61234`) {
		t.Errorf("the log does not say so:\n%s", s.Stderr)
	}
	f.mustBeTheAccounts()
}

// The guard's socket of a service that root starts is the account's, which also removes it at the end.
func TestRootsGuardSocketIsTheServicesAccounts(t *testing.T) {
	t.Parallel()
	f := newServiceFolder(t)
	folder, err := os.MkdirTemp("", "guard") // a short path: sockets have no longer ones
	f.must(err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	f.must(os.Chown(folder, serviceAccount, serviceAccount))
	path := filepath.Join(folder, "guard.sock")
	s, err := startServer("/", append(f.env(), "GATEHOUSE_GUARD_LISTEN=unix:"+path))
	f.must(err)
	info, err := os.Stat(path)
	f.must(err)
	if of := info.Sys().(*syscall.Stat_t); of.Uid != serviceAccount || of.Gid != serviceAccount || info.Mode() != fs.ModeSocket|0o660 {
		t.Errorf("the socket belongs to %d:%d, %v", of.Uid, of.Gid, info.Mode())
	}
	f.must(s.End(os.Interrupt))
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket is left: %v", err)
	}
}

// ourFiles are the names in the data folder under which we make, open or remove something.
var ourFiles = []string{
	"audit.key", "audit.head", "signing-key-es256.pem", "gatehouse.db", "gatehouse.db-wal", "gatehouse.db-shm", "gatehouse.db-journal",
	"gatehouse.db.lock", "gatehouse.db.starting", "gatehouse.db.restoring", "gatehouse.db.restoring-wal", "gatehouse.db.keeping",
}

// The account plants links to a file of root's, and to a name where root could make one, under
// every name of ours. Whatever the commands say, root's folder stays as it is.
func TestRootFollowsNoPlantedLinks(t *testing.T) {
	t.Parallel()
	for _, name := range ourFiles {
		for _, target := range []string{"victim", "missing"} {
			for _, filled := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s to %s, filled %v", name, target, filled), func(t *testing.T) {
					t.Parallel()
					f := newServiceFolder(t)
					if filled {
						f.mustAsRoot("staff", "import", f.root("staff.json"))
					}
					f.must(os.WriteFile(f.root("copy.db"), []byte("no backup"), 0o600))
					f.must(os.WriteFile(f.root("victim"), []byte("root's own"), 0o644))
					before := f.rootsFolder()
					f.plant(name, f.root(target))
					for _, command := range [][]string{{"staff", "import", f.root("staff.json")}, {"staff", "list"}, {"restore", f.root("copy.db")}} {
						_, _ = f.asRoot(command...)
					}
					if after := f.rootsFolder(); after != before {
						t.Errorf("root's folder was\n%s\nand is\n%s", before, after)
					}
				})
			}
		}
	}
}

// plant puts a link in the place of what is there, as the account can.
func (f *serviceFolder) plant(name, target string) {
	f.t.Helper()
	if err := os.Remove(f.own(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.t.Fatal(err)
	}
	f.must(os.Symlink(target, f.own(name)))
	f.must(os.Lchown(f.own(name), serviceAccount, serviceAccount))
}

// rootsFolder tells all of the folder that only root may look into.
func (f *serviceFolder) rootsFolder() string {
	f.t.Helper()
	var told strings.Builder
	f.must(filepath.WalkDir(f.roots, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		stat := info.Sys().(*syscall.Stat_t)
		_, _ = fmt.Fprintln(&told, path, info.Mode(), stat.Uid, stat.Gid, stat.Nlink, len(content), string(content[:min(len(content), 20)]))
		return err
	}))
	return told.String()
}

// The folder may be a link of root's, as systemd makes it, and of nobody else.
func TestRootsWayToTheFolder(t *testing.T) {
	t.Parallel()
	f := newServiceFolder(t)
	real := f.dir
	f.dir = filepath.Join(filepath.Dir(real), "link")
	f.must(os.Symlink("service", f.dir))
	f.mustAsRoot("staff", "import", f.root("staff.json"))

	f.must(os.Lchown(f.dir, serviceAccount+1, serviceAccount+1))
	output, status := f.asRoot("staff", "list")
	if status != exitRefused || !strings.Contains(output, "a symbolic link that belongs to the account 61235, and not to root: name the folder itself") {
		t.Errorf("a link of somebody else: exit status %d: %s", status, output)
	}

	f.dir = filepath.Join(real, "roots")
	f.must(os.Mkdir(f.dir, 0o700))
	output, status = f.asRoot("staff", "import", f.root("staff.json"))
	if status != exitRefused || !strings.Contains(output, "others can exchange it, because they may write in "+real) {
		t.Errorf("a folder of root's in somebody else's: exit status %d: %s", status, output)
	}

	f.dir = filepath.Join(f.roots, "within")
	f.must(os.Mkdir(f.dir, 0o700))
	f.must(os.Chown(f.dir, serviceAccount, serviceAccount))
	output, status = f.asRoot("staff", "import", f.root("staff.json"))
	if status != exitRefused || !strings.Contains(output, "belongs to the account 61234, which cannot get there") {
		t.Errorf("a folder behind one of root's: exit status %d: %s", status, output)
	}

	f.dir = filepath.Join(real, "made", "later")
	f.mustAsRoot("staff", "import", f.root("staff.json"))
	f.mustBeTheAccounts()
}

// What only root may read is read before, or is named.
// A file that a setting names is root's to read, unless somebody else could have led root to it.
func TestRootReadsNoPlantedSetting(t *testing.T) {
	t.Parallel()
	f := newServiceFolder(t)
	f.must(os.WriteFile(f.root("secret"), []byte(strings.Repeat("s", 40)), 0o600))
	f.plant("secret", f.root("secret"))
	f.plant("way", f.roots)
	for _, planted := range []string{"secret", "way/secret"} {
		for _, flag := range []string{"--secret-key-file", "--email-host-password-file", "--shop-texts-file", "--shop-logo-file"} {
			output, status := f.asRoot("staff", "import", f.root("staff.json"), flag, f.own(planted))
			if status != exitRefused || !strings.Contains(output, "keep it in a folder of root's") {
				t.Errorf("%s %s: exit status %d: %s", flag, planted, status, output)
			}
		}
	}
	f.mustAsRoot("staff", "import", f.root("staff.json"), "--secret-key-file", f.root("secret"))
}

func TestWhatOnlyRootMayRead(t *testing.T) {
	t.Parallel()
	f := newServiceFolder(t)
	f.must(os.WriteFile(f.root("breached"), []byte(strings.Repeat("0", 40)+":1\n"), 0o600))
	output, status := f.asRoot("staff", "import", f.root("staff.json"), "--password-breached-file", f.root("breached"))
	if status != exitRefused || !strings.Contains(output, "PASSWORD_BREACHED_FILE") || !strings.Contains(output, "cannot be used by the account 61234") {
		t.Errorf("exit status %d: %s", status, output)
	}
	f.must(os.Chmod(f.roots, 0o755))
	f.must(os.Chmod(f.root("breached"), 0o644))
	f.mustAsRoot("staff", "import", f.root("staff.json"), "--password-breached-file", f.root("breached"))
}

// What the operator names is opened by root only where the account cannot choose what that is.
func TestRootIsNotLedByWhatItIsNamed(t *testing.T) {
	t.Parallel()
	f := newServiceFolder(t)
	f.mustAsRoot("staff", "import", f.root("staff.json"))
	f.mustAsRoot("backup", f.root("copy.db"))
	f.plant("way", f.roots)
	f.plant("export.json", f.root("staff.json"))
	// Links of root's own, whose targets the account has planted.
	way, export := filepath.Join(filepath.Dir(f.roots), "way"), filepath.Join(filepath.Dir(f.roots), "export.json")
	f.must(os.Symlink("service/way", way))
	f.must(os.Symlink(f.own("export.json"), export))
	before := f.rootsFolder()
	for _, command := range [][]string{
		{"backup", f.own("way/planted.db")}, {"restore", f.own("way/copy.db")}, {"staff", "import", f.own("export.json")},
		{"backup", filepath.Join(way, "planted.db")}, {"restore", filepath.Join(way, "copy.db")}, {"staff", "import", export},
		{"restore", way + "/../roots/copy.db"}, // the system goes from the target of way, and not from way
	} {
		if output, status := f.asRoot(command...); status != exitRefused || !strings.Contains(output, "permission denied") {
			t.Errorf("%q: exit status %d: %s", command, status, output)
		}
	}
	if after := f.rootsFolder(); after != before {
		t.Errorf("root's folder was\n%s\nand is\n%s", before, after)
	}
	f.mustAsRoot("backup", f.own("copy.db"))
	f.mustBeTheAccounts()
	f.mustAsRoot("restore", f.own("copy.db"))
}

// What an earlier version has left to root is named, with what helps.
func TestWhatRootHasLeft(t *testing.T) {
	t.Parallel()
	f := newServiceFolder(t)
	f.mustAsRoot("staff", "import", f.root("staff.json"))
	f.mustAsRoot("backup", f.root("copy.db"))
	f.mustAsRoot("restore", f.root("copy.db")) // it makes the lock
	for _, name := range []string{"audit.key", "audit.head", "gatehouse.db", "gatehouse.db.lock"} {
		f.must(os.Chown(f.own(name), 0, 0))
		for _, command := range [][]string{{"staff", "list"}, {"restore", f.root("copy.db")}, {"serve"}} {
			if name == "gatehouse.db.lock" && command[0] == "staff" {
				continue // it has no use for the lock
			}
			output, status := f.asRoot(command...)
			if status != exitRefused || !strings.Contains(output, f.own(name)) || !strings.Contains(output, "chown") {
				t.Errorf("%q with root's %s: exit status %d: %s", command, name, status, output)
			}
		}
		f.must(os.Chown(f.own(name), serviceAccount, serviceAccount))
	}
}

// A backup that has failed is no database, and no secret either.
func TestRootsBackupFails(t *testing.T) {
	t.Parallel()
	f := newServiceFolder(t)
	f.mustAsRoot("staff", "import", f.root("staff.json"))
	f.must(os.Truncate(f.own("gatehouse.db"), 8192))
	output, status := f.asRoot("backup", f.root("copy.db"))
	info, err := os.Stat(f.root("copy.db"))
	f.must(err)
	if status != exitRefused || info.Size() != 0 || !strings.Contains(output, "; the empty file "+f.root("copy.db")+" is left") {
		t.Errorf("exit status %d, %d bytes: %s", status, info.Size(), output)
	}
}

// A named pipe in the place of a file of ours keeps nobody waiting.
func TestNamedPipesInTheDataFolder(t *testing.T) {
	t.Parallel()
	for _, name := range ourFiles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			top := t.TempDir()
			dir, env := filepath.Join(top, "data"), environment("GATEHOUSE_DATA_DIR="+filepath.Join(top, "data"))
			importStaff(t, top, env)
			path := filepath.Join(dir, name)
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(top, "no.db"), []byte("no backup"), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, command := range [][]string{{"staff", "list"}, {"backup", filepath.Join(top, "copy.db")}, {"restore", "no.db"}, {"serve"}} {
				mustNotWait(t, top, env, command...)
			}
		})
	}
}

// mustNotWait runs the program, which must end by itself, or listen.
func mustNotWait(t *testing.T, dir string, env []string, args ...string) {
	t.Helper()
	r, err := running.Start(command(dir, env, args...))
	if err != nil {
		t.Fatal(err)
	}
	err = r.Await(r.Stderr, func(log string) bool { return running.ListeningAt(log) != "" })
	if err == running.ErrTooLong {
		t.Errorf("%q waits", args)
	}
	if err != running.ErrEnded {
		_ = r.End(os.Kill)
	}
}

// The documented way for root: the file of the service's unit tells where the service works.
func TestRootWorksWithTheEnvironmentFileOfTheService(t *testing.T) {
	t.Parallel()
	f := newServiceFolder(t)
	file := f.root("environment")
	f.must(os.WriteFile(file, []byte("GATEHOUSE_DATA_DIR="+f.dir+"\n"), 0o600))
	for _, args := range [][]string{{"staff", "import", f.root("staff.json")}, {"staff", "list"}, {"backup", f.root("copy.db")}} {
		stdout, stderr, status := runProgram(t, "/", environment(), "", append([]string{"--env-file", file}, args...)...)
		if status != 0 {
			t.Errorf("%q: exit status %d: %s%s", args, status, stdout, stderr)
		}
	}
	f.mustBeTheAccounts()
}

// Another account must not choose where root works.
func TestRootTakesNoEnvironmentFileOfAnotherAccount(t *testing.T) {
	t.Parallel()
	f := newServiceFolder(t)
	theirs, link := f.own("environment"), f.own("link")
	f.must(os.WriteFile(theirs, nil, 0o600))
	f.must(os.Chown(theirs, serviceAccount, serviceAccount))
	f.must(os.WriteFile(f.root("environment"), nil, 0o600))
	f.must(os.Symlink(f.root("environment"), link))
	f.must(os.Lchown(link, serviceAccount, serviceAccount))
	f.must(os.Chown(f.dir, 0, 0))
	for _, file := range []string{theirs, link} {
		if output, status := f.asRoot("--env-file", file, "version"); status != 1 || !strings.Contains(output, "belongs to another account") {
			t.Errorf("%s: exit status %d: %s", file, status, output)
		}
	}
}
