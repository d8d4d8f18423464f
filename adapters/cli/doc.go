// Package cli has the operator's commands: "staff …", "sessions …", "audit …", "db info", "backup" and
// "restore". A command turns its arguments into a command of package application, and the result into
// text or JSON.
//
// It promises:
//
//   - What is wrong with the arguments is said before anything is opened: [Command.Check].
//   - Every other error is a sentence that says what to do about it: [Command.Run].
//   - What came from outside, such as names, addresses and user agents, is printed without
//     control, formatting and invisible characters, in JSON and CSV too: nothing that somebody
//     managed to store can drive the operator's terminal.
//   - A password is read from the terminal or from standard input, never from an argument,
//     and is never printed. Of a stored hash nothing but its algorithm is shown.
//
// Configuration, the database and the exit status are the caller's:
//
//	args, err := cli.Parse(flags, os.Args[3:]) // flags: command.Flags and the caller's own
//	err = command.Check(args)                  // exit status 2
//	err = command.Run(ctx, environment, useCases, args)
package cli
