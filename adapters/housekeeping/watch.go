package housekeeping

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"gatehouse/application/upkeep"
	"gatehouse/ports"
)

// ToldAgain is how long nothing is said about what was said already.
const ToldAgain = time.Hour

// A watch says in the log when the service is not ready, or room is getting short, and when that is over.
type watch struct {
	check           ports.UseCase[upkeep.CheckReadinessQuery, upkeep.CheckReadinessResult]
	clock           ports.Clock
	notReady, short alarm
}

func newWatch(check ports.UseCase[upkeep.CheckReadinessQuery, upkeep.CheckReadinessResult], clock ports.Clock) *watch {
	return &watch{
		check:    check,
		clock:    clock,
		notReady: alarm{level: zap.ErrorLevel, line: "the service is not ready", passed: "the service is ready again"},
		short:    alarm{level: zap.WarnLevel, line: "room is getting short where the data folder is: make room", passed: "there is room enough again"},
	}
}

// look asks once. Of a service that is not ready nobody needs to know that room is short, too.
func (w *watch) look(ctx context.Context, log *zap.Logger) {
	result, err := w.ask(ctx)
	if ctx.Err() != nil { // the service is stopping
		return
	}
	now := w.clock()
	w.notReady.tell(log, now, err != nil, zap.Error(err))
	if err == nil {
		w.short.tell(log, now, result.Room.Short(), zap.Int64("free_mb", result.Room.MB()))
	}
}

// ask turns a panic into an error.
func (w *watch) ask(ctx context.Context) (result upkeep.CheckReadinessResult, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return w.check.Execute(ctx, upkeep.CheckReadinessQuery{})
}

// An alarm is a line of the log about what may last, or come and go: it is written once in [ToldAgain].
type alarm struct {
	level        zapcore.Level
	line, passed string
	told         time.Time
	open         bool // told, and not over
}

// tell writes the line if it is time. A clock that was put back says nothing about how long ago the
// last line was, so the line is written then.
func (a *alarm) tell(log *zap.Logger, now time.Time, lasts bool, fields ...zap.Field) {
	silent := !a.told.IsZero() && !now.Before(a.told) && now.Sub(a.told) < ToldAgain
	switch {
	case lasts && !silent:
		log.Log(a.level, a.line, fields...)
		a.told, a.open = now, true
	case !lasts && a.open:
		log.Info(a.passed)
		a.open = false
	}
}
