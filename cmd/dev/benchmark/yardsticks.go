package main

import (
	"os"
	"runtime"

	"golang.org/x/crypto/argon2"

	"gatehouse/cmd/internal/running"
)

// The names of what the service cannot do without: a refresh needs one commit, a sign-in
// one hash.
const (
	oneCommit   = "one fsynced commit"
	oneArgon2id = "one Argon2id"
)

// The parameters of the hash that signs in.
const (
	argon2Time   = 2
	argon2Memory = 19456 // KiB
	argon2Lanes  = 1
	argon2Length = 32
)

// yardsticks are done by this process, which has nothing else to do meanwhile: commits by
// one goroutine beside one connection, hashes by as many as the service lets hash.
func yardsticks(commit work, connections int) (all []subject) {
	if connections == 1 {
		all = append(all, subject{oneCommit, os.Getpid(), 1, func(int) work { return commit }})
	}
	return append(all, subject{oneArgon2id, os.Getpid(), min(connections, runtime.NumCPU()), func(int) work { return hash }})
}

func hash() error {
	argon2.IDKey([]byte(running.Password), []byte("sixteen bytes of"), argon2Time, argon2Memory, argon2Lanes, argon2Length)
	return nil
}
