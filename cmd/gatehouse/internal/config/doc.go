// Package config reads the configuration. One table, [Options], has a row for each variable: its name,
// its default, the sentence that the help and docs/configuration.md print, and the reader of its value.
// A reader (read*.go, mail.go, duration.go) turns text into a value and refuses what is wrong with that
// one value. check.go has what several values must be together. The same name in lower case is a flag
// of every command.
//
// [Load] reads all of them and reports all mistakes at once. Each names its variable and the right form.
// [Settings.Reload] reads the files again that may change while the service runs.
package config
