// Package ownfile opens files in folders where somebody else may have put things: the
// service's own files, and what a command was named.
//
// No symbolic link is followed in the last part of a path, nothing waits for the other end
// of a pipe, and nothing but a regular file is opened. A link to a folder further up in the
// path is followed, because the data folder itself may be one.
//
// What is checked of an open file, or changed in it, goes by its descriptor: [os.File.Stat],
// [os.File.Chmod], [os.File.Chown]. A name may lead elsewhere a moment later.
//
// Never open a database that SQLite has open in this process: closing any descriptor of it
// drops SQLite's locks (fcntl(2)).
package ownfile
