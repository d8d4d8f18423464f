package housekeeping

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"gatehouse/application/upkeep"
	"gatehouse/ports"
)

// When things are done. The first round comes soon, because a service that is restarted
// every day must do them too.
const (
	FirstRound      = 3 * time.Second
	RoundEvery      = time.Hour
	CheckpointEvery = time.Minute
	LookEvery       = time.Minute // whether the service is ready
)

// A Keeper does the tasks. It keeps what has failed last, so it must be run once only.
type Keeper struct {
	round      []*task // in order
	checkpoint *task
	watch      *watch
	log        *zap.Logger
}

// New makes a keeper; [Keeper.Run] sets it to work.
func New(useCases UseCases, clock ports.Clock, log *zap.Logger) *Keeper {
	checkpoint := newTask(ports.TaskCheckpoint, "pages", useCases.CheckpointStore)
	return &Keeper{
		round: []*task{
			newTask(ports.TaskForgetSessions, "removed", useCases.ForgetSessions),
			newTask(ports.TaskForgetFailures, "removed", useCases.ForgetFailures),
			newTask(ports.TaskForgetLinks, "removed", useCases.ForgetLinks),
			newTask(ports.TaskRetireAudit, "removed", useCases.RetireAuditEvents),
			newTask(ports.TaskOptimize, "tables", useCases.OptimizeStore),
			checkpoint,
		},
		checkpoint: checkpoint,
		watch:      newWatch(useCases.CheckReadiness, clock),
		log:        log,
	}
}

// Run does the tasks in time until ctx is over. What is being done then stops at the next
// opportunity, a few milliseconds later; Run returns after it.
func (k *Keeper) Run(ctx context.Context) {
	rounds := time.NewTimer(FirstRound)
	checkpoints := time.NewTicker(CheckpointEvery)
	looks := time.NewTicker(LookEvery)
	defer rounds.Stop()
	defer checkpoints.Stop()
	defer looks.Stop()
	k.watch.look(ctx, k.log)
	for {
		select {
		case <-ctx.Done():
			return
		case <-rounds.C:
			for _, t := range k.round {
				k.do(ctx, t)
			}
			rounds.Reset(RoundEvery)
		case <-checkpoints.C:
			k.do(ctx, k.checkpoint)
		case <-looks.C:
			k.watch.look(ctx, k.log)
		}
	}
}

// do does a task and logs what came of it, if that is worth a line.
func (k *Keeper) do(ctx context.Context, t *task) {
	if ctx.Err() != nil {
		return
	}
	result, err := t.attempt(ctx)
	name := zap.String("task", string(t.name))
	if result.Count > 0 {
		k.log.Info("housekeeping", name, zap.Int(t.counts, result.Count), zap.Duration("took", result.Took))
	}
	switch failure := fmt.Sprint(err); {
	case ctx.Err() != nil: // the service is stopping
	case err == nil && t.failure != "":
		k.log.Info("housekeeping works again", name)
		t.failure = ""
	case err != nil && t.failure != failure:
		k.log.Error("housekeeping has failed, and is tried again", name, zap.Error(err))
		t.failure = failure
	}
}

// A task is a use case that nobody waits for.
type task struct {
	name    ports.HousekeepingTask
	counts  string // what its result counts, in the log
	execute func(context.Context) (upkeep.HousekeepingResult, error)
	failure string // of the last time, "" if it went well
}

func newTask[In any](name ports.HousekeepingTask, counts string, useCase ports.UseCase[In, upkeep.HousekeepingResult]) *task {
	return &task{name: name, counts: counts, execute: func(ctx context.Context) (upkeep.HousekeepingResult, error) {
		var in In
		return useCase.Execute(ctx, in)
	}}
}

// attempt turns a panic into an error.
func (t *task) attempt(ctx context.Context) (result upkeep.HousekeepingResult, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return t.execute(ctx)
}
