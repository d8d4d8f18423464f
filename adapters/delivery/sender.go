package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"

	"gatehouse/application/credentials"
)

// Every is how often letters are looked for.
const Every = 250 * time.Millisecond

// A Sender sends letters. It keeps what went wrong, so it must be run once only.
type Sender struct {
	useCases UseCases
	log      *zap.Logger
	told     []string // the problems since a letter was sent, [mostProblems] of them
}

// New makes a sender; [Sender.Run] sets it to work.
func New(useCases UseCases, log *zap.Logger) *Sender {
	return &Sender{useCases: useCases, log: log}
}

// Run sends letters until ctx is over. A letter that is being sent then is given up, to be sent
// another time, unless the mail server has it.
func (s *Sender) Run(ctx context.Context) {
	ticks := time.NewTicker(Every)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			s.tell(ctx, s.attempt(ctx))
		}
	}
}

// attempt turns a panic into a problem.
func (s *Sender) attempt(ctx context.Context) (problem error) {
	defer func() {
		if p := recover(); p != nil {
			problem = fmt.Errorf("panic: %T", p)
		}
	}()
	result, err := s.useCases.DeliverMail.Execute(ctx, credentials.DeliverMailCommand{})
	for _, refused := range result.Refused {
		s.log.Warn("a letter is given up", zap.NamedError("problem", refused))
	}
	if err != nil {
		return err
	}
	if result.Problem == nil && result.Sent == 0 {
		return errNothing
	}
	return result.Problem
}

// errNothing says that there was nothing to do: neither a problem nor the end of one.
var errNothing = fmt.Errorf("nothing was due")

func (s *Sender) tell(ctx context.Context, problem error) {
	switch {
	case ctx.Err() != nil || problem == errNothing: // the service is stopping, or there is no news
	case problem == nil && len(s.told) > 0:
		s.log.Info("letters are sent again")
		s.told = nil
	case problem != nil:
		s.warn(problem.Error())
	}
}

// mostProblems is how many different problems are told before a letter is sent again: a
// server can make up a new text for each attempt.
const mostProblems = 20

func (s *Sender) warn(problem string) {
	if len(s.told) == mostProblems || slices.Contains(s.told, problem) {
		return
	}
	s.told = append(s.told, problem)
	s.log.Warn("letters cannot be sent, and are tried again", zap.String("problem", problem))
	if len(s.told) == mostProblems {
		s.log.Warn("no further problems are told until letters are sent again")
	}
}
