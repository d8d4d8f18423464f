// Package config reads the configuration. One table, [Options], has a row for each variable: its
// name, its default, the sentence that the help and docs/configuration.md print, and how its value is
// read. The same name in lower case is a flag of every command.
//
// [Load] reads all of them and checks what they must be together. It reports all mistakes at once, and
// each names its variable and the right form.
package config
