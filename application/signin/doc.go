// Package signin holds the use cases around a person's tokens.
//
//   - [ObtainTokens] signs a person in.
//   - [RefreshAccess] gives a new access token for a refresh token.
//   - [RenewAccess] gives one to a browser in passing, and changes no session.
//   - [VerifyToken] tells whether a token is good.
//   - [CurrentStaff] tells a person who they are.
//   - [SignOut] ends the sessions of the tokens that are presented.
//   - [BlacklistToken] ends the session of one refresh token.
package signin
