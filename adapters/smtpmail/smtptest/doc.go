// Package smtptest is a mail server for tests. It is meant to run as a process of its own,
// which may be killed at any moment: a letter that it has acknowledged is in a file that has
// reached the disk.
package smtptest
