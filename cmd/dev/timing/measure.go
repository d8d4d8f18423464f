package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

// measure asks each kind so often. In each round every kind has one turn, in random order,
// so whatever else the machine does slows all of them alike. The first rounds do not count.
func measure(ctx context.Context, url string, samples int) (map[string][]time.Duration, error) {
	const warmUp = 10
	took := map[string][]time.Duration{}
	client := &http.Client{Timeout: 30 * time.Second}
	for round := range samples + warmUp {
		for _, i := range rand.Perm(len(kinds)) {
			one, err := ask(ctx, client, url, kinds[i], round)
			if err != nil {
				return nil, err
			}
			if round >= warmUp {
				took[kinds[i].name] = append(took[kinds[i].name], one)
			}
		}
	}
	return took, nil
}

// ask returns how long the answer took, which is a refusal like any other.
func ask(ctx context.Context, client *http.Client, url string, kind kind, sample int) (time.Duration, error) {
	body := fmt.Appendf(nil, `{"username":"%s","password":"%s"}`, kind.email(sample), kind.password)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/accounts/api/token/", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	begin := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	answer, err := io.ReadAll(response.Body)
	took := time.Since(begin)
	_ = response.Body.Close()
	const refusal = `{"detail":"No active account found with the given credentials","code":"no_active_account"}`
	if err == nil && (response.StatusCode != http.StatusUnauthorized || string(answer) != refusal) {
		err = fmt.Errorf("%s: the answer is %d %s", kind.name, response.StatusCode, answer)
	}
	return took, err
}
