// Package smtpmail writes letters and hands them to a mail server (SMTP, RFC 5321).
//
// Every text is in texts.tmpl. A letter has a plain text and the same as HTML, without
// pictures, scripts or anything that tells whether it was read. It goes out encrypted, to a
// server whose certificate is good, unless that is on this machine.
package smtpmail
