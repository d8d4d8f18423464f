package running

import (
	"fmt"
	"os/exec"
	"strings"
)

// Everybody whom a tool brings in has one password.
const (
	Password = "first day of work"
	// PasswordHash is how the service stores [Password].
	PasswordHash = "argon2$argon2id$v=19$m=19456,t=2,p=1$03guU0xauBr280hN0f6XaQ$ugHg7uxvZU9OZeiM5WGw62+Sr4eE2Yr6vPImLsNzHcg"
	// HasPassword is [PasswordHash] as a field of a Django export.
	HasPassword = `"password": "` + PasswordHash + `"`
)

// PersonID is the id of the n-th person.
func PersonID(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

// Person is a line of a Django export: the n-th person, with this address and these fields more.
func Person(n int, email, fields string) string {
	return fmt.Sprintf(`{"model": "accounts.staff", "pk": "%s", "fields": {"email": "%s", %s}}`+"\n", PersonID(n), email, fields)
}

// Import gives the lines of [Person] to a command that imports them from its standard input.
func Import(command *exec.Cmd, lines string) error {
	command.Stdin = strings.NewReader(lines)
	return Run(command)
}
