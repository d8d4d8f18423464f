// Package signin holds the use cases around a person's tokens.
//
//   - [ObtainTokens] signs a person in.
//   - [RefreshAccess] gives a new access token for a refresh token, and may replace that.
//   - [RenewAccess] gives a browser a new access token in passing. The refresh token stays.
//   - [VerifyToken] says whether a token is valid.
//   - [CurrentStaff] returns the owner and the session of an access token.
//   - [FindDueChange] returns the person whose sign-in was stopped because the password must be changed.
//   - [GuardRequest] decides whether a request may pass the reverse proxy. It also names the sender.
//   - [SignOut] ends the sessions of the presented tokens, or others of the same person.
//   - [BlacklistToken] ends the session of one refresh token, as SimpleJWT's endpoint of that name does.
package signin
