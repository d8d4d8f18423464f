package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"unsafe"

	"gatehouse/adapters/sqlite"
)

// refusalsWhenFull is how many writes must have been refused before there is room again.
const refusalsWhenFull = 10

// fullDisk fills the file system of the folder with a file.
func fullDisk(folder string) fault {
	filler := filepath.Join(folder, "filler")
	return fault{
		name: "a full disk", refusals: refusalsWhenFull,
		begin: func() error { return fill(filler) },
		end:   func() error { return os.Remove(filler) },
	}
}

// fill writes until there is no room for a byte.
func fill(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	for size := 1 << 16; size > 0; {
		if _, err := file.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			return errors.Join(err, file.Close())
		}
	}
	return file.Close()
}

// sizeLimit lets no file of the server grow: its writes fail as on a full disk, also where
// nobody may mount one.
func (t *trial) sizeLimit() fault {
	var before syscall.Rlimit
	return fault{
		name: "a limit on the size of files", refusals: refusalsWhenFull,
		begin: func() error {
			log, err := os.Stat(filepath.Join(t.house.data, sqlite.FileName+"-wal"))
			if err != nil {
				return err
			}
			if err := limitFiles(t.server.Pid(), nil, &before); err != nil {
				return err
			}
			return limitFiles(t.server.Pid(), &syscall.Rlimit{Cur: uint64(log.Size()), Max: before.Max}, nil)
		},
		end: func() error { return limitFiles(t.server.Pid(), &before, nil) },
	}
}

// limitFiles is prlimit(2) for RLIMIT_FSIZE.
func limitFiles(pid int, next, before *syscall.Rlimit) error {
	_, _, failed := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_FSIZE,
		uintptr(unsafe.Pointer(next)), uintptr(unsafe.Pointer(before)), 0, 0)
	if failed != 0 {
		return fmt.Errorf("limiting the size of files: %w", failed)
	}
	return nil
}

// smallDiskMode is the argument with which this program, in a mount namespace of its own,
// tries the service on a disk that gets full.
const smallDiskMode = "small-disk"

// smallDiskSize is what the database needs, and little more.
const smallDiskSize = "size=8m"

// errNoMount: nobody here may mount anything.
var errNoMount = errors.New("a file system cannot be mounted here")

// onSmallDisk starts this program again where it may mount a small file system below dir.
// Its mount ends with it. The result is what it has printed.
func onSmallDisk(ctx context.Context, binary, dir string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	for _, flags := range []uintptr{syscall.CLONE_NEWNS, syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER} {
		command := exec.CommandContext(ctx, self, smallDiskMode, binary, dir)
		command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: flags}
		if flags&syscall.CLONE_NEWUSER != 0 {
			command.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
			command.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
		}
		out, err := command.CombinedOutput()
		exit, ran := errors.AsType[*exec.ExitError](err)
		if err == nil || ran && exit.ExitCode() != statusNoMount {
			return string(out), err
		}
	}
	return "", errNoMount
}

// statusNoMount is the exit status where nothing can be mounted.
const statusNoMount = 3

// mountSmallDisk mounts it at dir, for this namespace alone.
func mountSmallDisk(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("%w: %w", errNoMount, err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, smallDiskSize); err != nil {
		return fmt.Errorf("%w: %w", errNoMount, errors.Join(err, os.Remove(dir)))
	}
	return nil
}
