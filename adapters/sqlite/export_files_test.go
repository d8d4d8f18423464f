package sqlite

import (
	"os"
	"syscall"
)

// KillAt makes a restore kill its own process, as kill -9 does, when it reaches a step.
func (f *Files) KillAt(step string) {
	f.reached = func(reached string) {
		if reached == step {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // until then
		}
	}
}

// AtStep calls do when a restore reaches a step.
func (f *Files) AtStep(step string, do func()) {
	f.reached = func(reached string) {
		if reached == step {
			do()
		}
	}
}
