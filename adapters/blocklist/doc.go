// Package blocklist keeps the passwords that are too common to be new ones, and the words
// of the place.
//
// The common passwords are two lists in the program itself; nothing is downloaded, and
// nothing is called. Where they are from, and under which licences, stands beside them in
// lists/README.md. They are unpacked when the first password is looked up.
package blocklist
