package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"

	"gatehouse/cmd/internal/running"
)

// sessionsEach is as many as one person can have by default. Signing in is for others, the newcomers.
const sessionsEach = 20

type tokens struct {
	Access  string `json:"access"`
	Refresh string `json:"refresh"`
}

func email(person int) string { return fmt.Sprintf("bench%d@shop.test", person) }

func credentials(person int) []byte {
	return fmt.Appendf(nil, `{"username":"%s","password":"%s"}`, email(person), running.Password)
}

// newcomer is who signs in on the n-th connection.
func (s *server) newcomer(n int) int { return len(s.sessions)/sessionsEach + 2 + n }

// lastNewcomer is the last of as many as there are sessions.
func lastNewcomer(sessions int) int { return sessions/sessionsEach + 1 + sessions }

// importPeople brings in members of staff 0 to last, as Django would export them.
func (i installation) importPeople(ctx context.Context, last int) error {
	var export strings.Builder
	for n := range last + 1 {
		export.WriteString(running.Person(n, email(n), running.HasPassword))
	}
	return running.Import(i.command(ctx, "staff", "import", "-"), export.String())
}

// signInAll opens so many sessions, as many at once as there are processors.
func signInAll(url string, sessions int) ([]tokens, error) {
	all, errs := make([]tokens, sessions), make([]error, sessions)
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for n := range next {
				all[n], errs[n] = signIn(url, 1+n/sessionsEach)
			}
		})
	}
	for n := range sessions {
		next <- n
	}
	close(next)
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func signIn(url string, person int) (pair tokens, err error) {
	response, err := http.Post(url+"/accounts/api/token/", "application/json", bytes.NewReader(credentials(person)))
	if err != nil {
		return pair, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return pair, fmt.Errorf("signing in: status %d", response.StatusCode)
	}
	return pair, json.NewDecoder(response.Body).Decode(&pair)
}
