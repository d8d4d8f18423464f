package sqlite

import (
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"unsafe"

	"gatehouse/adapters/internal/ownfile"
)

// A walIndex reads how many transactions have been committed to a database, by whatever
// process, without asking the system: from the counter iChange in the header of the
// wal-index, the shared memory beside the file (https://www.sqlite.org/walformat.html).
type walIndex struct {
	memory []byte
	// file is never closed: closing any descriptor of this file would drop the locks that
	// SQLite holds on it in this process (fcntl(2)).
	file *os.File
}

const (
	walIndexSize   = 136 // of the header
	walIndexChange = 8   // where iChange is
)

// openWALIndex needs a connection to the database that is open already, and stays so.
func openWALIndex(path string) (*walIndex, error) {
	file, err := ownfile.Open(path+indexSuffix, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && info.Size() < walIndexSize {
		err = fmt.Errorf("%s is too short", file.Name())
	}
	if err != nil {
		return nil, err
	}
	memory, err := syscall.Mmap(int(file.Fd()), 0, walIndexSize, syscall.PROT_READ, syscall.MAP_SHARED)
	return &walIndex{memory, file}, err
}

// changes counts commits. It may be called concurrently.
func (w *walIndex) changes() uint32 {
	return atomic.LoadUint32((*uint32)(unsafe.Pointer(&w.memory[walIndexChange])))
}
