package program

import (
	"syscall"

	"go.uber.org/zap"

	"gatehouse/cmd/gatehouse/internal/config"
)

// otherFiles is how many files the service keeps for what is not a connection: the
// database, its log, keys, and connections that are being closed.
const otherFiles = 160

// fitConnections lowers the number of connections to what the system lets this process
// open: otherwise a flood of them would keep the database from being opened too. Each listener may have
// that many.
func fitConnections(s *config.Settings, log *zap.Logger) {
	listeners := 1
	if network, _ := s.Guard(); network != "" {
		listeners = 2
	}
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil || files.Cur >= uint64(listeners*s.MaxConnections)+otherFiles {
		return
	}
	most := max(16, (int(files.Cur)-otherFiles)/listeners)
	log.Warn("fewer connections than GATEHOUSE_MAX_CONNECTIONS: raise the limit on open files (LimitNOFILE)",
		zap.Int("wanted", s.MaxConnections), zap.Int("most", most), zap.Uint64("open_files", files.Cur))
	s.MaxConnections = most
}
