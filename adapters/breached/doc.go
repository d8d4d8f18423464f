// Package breached looks passwords up in a copy of Pwned Passwords (haveibeenpwned.com)
// that the operator has downloaded. It calls nobody.
//
// The copy is what the downloader of haveibeenpwned.com makes, with SHA-1: either one file
// with a line "HASH:count" for each password in the order of the hashes, or a folder with a
// file for each range, called by the first five hex digits of the hashes in it (21BD1.txt or
// 21BD1), with lines "the other 35 digits:count". The one file may be many gigabytes: a look
// takes some forty reads, and nothing of it is kept in memory.
//
// What cannot be read, or is not of this form, is an error and never an answer.
package breached
