// Package proxyfile prints the file of the reverse proxy in front of Gatehouse: for nginx or Caddy, as a
// whole or as a part of one that is there already.
//
// [Shop.File] makes it from the paths that the server answers and from the shop's settings. Our paths go
// to Gatehouse in every spelling that a proxy or Django could take for the same path. All others go to
// Django. With a guard, Gatehouse is asked about each of those requests before.
package proxyfile
