package program

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"go.uber.org/zap"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/cmd/gatehouse/internal/config"
)

// catchHangUps keeps SIGHUP from ending the process, from the first moment on. Where the caller
// has it ignored, as nohup does, nothing is caught, so that nothing ends with the terminal.
func catchHangUps() chan os.Signal {
	hangUps := make(chan os.Signal, 1)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(hangUps, syscall.SIGHUP)
	}
	return hangUps
}

// endingOn is over at the first of the signals. A command, and the demonstration, belong to the
// terminal that they were called in: when it is closed they end, as they do on SIGTERM.
func endingOn(ctx context.Context, hangUps <-chan os.Signal) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	select {
	case <-hangUps:
		cancel()
	default:
	}
	go func() {
		select {
		case <-hangUps:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// reloadOn shows the pages with what is in their files now at each of the signals, until ctx is
// over.
func reloadOn(s *config.Settings, hangUps <-chan os.Signal, server *fiberhttp.Server, log *zap.Logger) func(context.Context) {
	return func(ctx context.Context) {
		for {
			select {
			case <-hangUps:
				reload(s, server, log)
			case <-ctx.Done():
				return
			}
		}
	}
}

func reload(s *config.Settings, server *fiberhttp.Server, log *zap.Logger) {
	anew, err := s.Reload()
	if err != nil {
		log.Error("not reloaded, and the pages stay as they are: mend this and send SIGHUP again", zap.Error(err))
		return
	}
	server.ShowPages(pagesOf(anew))
	log.Info("reloaded: the texts and the logo of the pages")
}
