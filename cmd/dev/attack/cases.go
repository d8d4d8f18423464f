package main

// An attack is one case of the list, and what becomes of it here: tests that prove it, or a
// reason why there is nothing to attack, or what is still open.
type attack struct {
	id, what string
	// tests are folder, test and perhaps subtest: an empty part stands for any.
	tests []string
	// system are tests of the same kind with a real nginx, Caddy and strace (build tag
	// system), which are run if asked for.
	system []string
	// note says in what the answer differs from the list's ideal and why, or what no test
	// looks at.
	note string
	// none says why the case does not apply, open what is missing. Without either, and only
	// then, there are tests.
	none, open string
}

// The folders of tests.
const (
	program     = "cmd/gatehouse/acceptance "
	fiber       = "adapters/fiberhttp "
	proxies     = "cmd/gatehouse/internal/proxyfile "
	bodies      = "adapters/fiberhttp/body "
	signer      = "adapters/jwtsigner "
	usecase     = "application "
	trail       = "application/audit "
	credentials = "application/credentials "
	roster      = "application/roster "
	signin      = "application/signin "
	upkeep      = "application/upkeep "
	rules       = "domain "
	hashes      = "adapters/passwords "
	store       = "adapters/sqlite "
	keys        = "adapters/keyfile "
	script      = program + "TestScripts/"
	tokens      = program + "TestTokenAttacks//"
	session     = program + "TestSessionAttacks/"
	other       = program + "TestAttacks/"
	links       = program + "TestResetAttacks/"
	letters     = "adapters/smtpmail "
)

// Reasons that several cases share.
const (
	sameWords = "the words for a refusal are SimpleJWT's, which tell expired from invalid: the shop's apps know them"
)

var attacks = []attack{
	{id: "A01", what: "alg none", tests: []string{tokens + "A01", signer + "TestBadSignatures", signer + "TestWycheproofSignatures"}},
	{id: "A02", what: "alg in other spellings", tests: []string{tokens + "A02", signer + "TestHeaderAttacks"}},
	{id: "A03", what: "alg missing or of another type", tests: []string{tokens + "A03", signer + "TestHeaderAttacks"}},
	{id: "A04", what: "HMAC with a public key as the secret", tests: []string{tokens + "A04", signer + "TestAlgorithmConfusion"}},
	{id: "A05", what: "sibling algorithms", tests: []string{tokens + "A05", signer + "TestSiblingAlgorithms"}},
	{id: "A06", what: "kid of one key, signature of another", tests: []string{tokens + "A06", signer + "TestSiblingAlgorithms"}},
	{id: "A07", what: "damaged and special signatures", tests: []string{tokens + "A07", signer + "TestBadSignatures", signer + "TestES256SpecialSignatures", signer + "TestWycheproofPrimitives"}},
	{id: "A08", what: "wrong number of dots", tests: []string{tokens + "A08", signer + "TestSpellingAttacks", signer + "TestLongestToken"}},
	{id: "A09", what: "padding, other alphabets, stray bits", tests: []string{tokens + "A09", signer + "TestSpellingAttacks", signer + "TestWycheproofSignatures"}},
	{id: "A10", what: "twins of a token with white space inside", tests: []string{tokens + "A10", signer + "TestSpellingAttacks", signer + "TestES256SpecialSignatures"}},
	{id: "A11", what: "a token that is wrapped", tests: []string{tokens + "A11", fiber + "TestAuthorizationHeader", fiber + "TestReadingCookies"},
		note: "white space around it is trimmed as Django did, and a cookie may be quoted"},
	{id: "A12", what: "jwk in the header", tests: []string{tokens + "A12", signer + "TestHeaderAttacks"}},
	{id: "A13", what: "jku and x5u", tests: []string{tokens + "A13", signer + "TestHeaderAttacks"}, note: "refused before anything is looked up; packets are not counted"},
	{id: "A14", what: "x5c and x5t", tests: []string{tokens + "A14", signer + "TestHeaderAttacks"}},
	{id: "A15", what: "kid that is a path", tests: []string{tokens + "A15", signer + "TestSiblingAlgorithms"}, note: "opened files are not traced"},
	{id: "A16", what: "kid that is SQL or a template", tests: []string{tokens + "A16", signer + "TestSiblingAlgorithms"}, note: "beside a good HS256 signature a kid is ignored, as Django ignores it"},
	{id: "A17", what: "kid missing, unknown or of another type", tests: []string{tokens + "A17", signer + "TestSiblingAlgorithms", signer + "TestUnknownKeyIDCostsNoSignature"}, note: "as A16"},
	{id: "A18", what: "crit and b64", tests: []string{tokens + "A18", signer + "TestHeaderAttacks"}},
	{id: "A19", what: "JSON serialisation", tests: []string{tokens + "A19", signer + "TestSpellingAttacks"}},
	{id: "A20", what: "JWE, compression, nesting", tests: []string{tokens + "A20", signer + "TestHeaderAttacks", signer + "TestWycheproofEncryption"}},
	{id: "A21", what: "members twice", tests: []string{tokens + "A21", signer + "TestHeaderAttacks", signer + "TestMalformedPayloads"}},
	{id: "A22", what: "JSON that is bad, deep or of another type", tests: []string{tokens + "A22", signer + "TestHeaderAttacks", signer + "TestMalformedPayloads", signer + "TestClaimsOfTheWrongType"},
		note: "a fraction of a second in exp is cut off, as PyJWT does"},

	{id: "B01", what: "refresh token as an access token", tests: []string{session + "B01_and_B02", fiber + "TestAccessTokensAreRefused"}, note: sameWords},
	{id: "B02", what: "access token at refresh", tests: []string{session + "B01_and_B02", fiber + "TestRefreshing"}, note: sameWords},
	{id: "B03", what: "exp past or missing", tests: []string{tokens + "B03", rules + "TestClaimsCheckAtBoundaries"}, note: "a longer lifetime than configured is not looked at: no token outlives its session; " + sameWords},
	{id: "B04", what: "nbf in the future", tests: []string{tokens + "B04", rules + "TestClaimsCheckAtBoundaries"}},
	{id: "B05", what: "iat in the future", tests: []string{tokens + "B05", rules + "TestClaimsCheckAtBoundaries"}, note: "iat may be missing, as with SimpleJWT"},
	{id: "B06", what: "another issuer", tests: []string{tokens + "B06", rules + "TestClaimsCheck"}},
	{id: "B07", what: "another audience", tests: []string{tokens + "B07", rules + "TestClaimsCheck", fiber + "TestRefreshingForAnotherIssuerOrAudience"}, note: "ours among several is accepted on every route"},
	{id: "B08", what: "nobody's, somebody else's, or who was deleted", tests: []string{tokens + "B08", session + "B08", fiber + "TestRefreshing"}, note: "a deleted account is answered 404, as by Django"},
	{id: "B09", what: "odd types of token", tests: []string{tokens + "B09", rules + "TestClaimsCheckTypes"}, note: "the type is the claim token_type; a typ other than JWT is refused, none is accepted"},
	{id: "B10", what: "tokens of an account that was shut", tests: []string{script + "revocation", fiber + "TestRefreshing", fiber + "TestAccessTokensAreRefused", signin + "TestVerifyTokenAfterwards"}, note: "verify asks about the account as well (decision 0006); SimpleJWT's does not"},
	{id: "B11", what: "tokens of the second in which the password was changed", tests: []string{session + "B11_and_C08", script + "revocation"}},
	{id: "B12", what: "tokens of another installation", tests: []string{tokens + "B12", keys + "TestSigningKeyIsMadeOnce"}},

	{id: "C01", what: "the replaced refresh token after the grace", tests: []string{session + "C01", rules + "TestPresent"}},
	{id: "C02", what: "a replay ends the session, and no other", tests: []string{session + "C02", signin + "TestRotationEndsTheSessionOnReplay", script + "cookies_rotated"}},
	{id: "C03", what: "many tabs at once", tests: []string{session + "C03", program + "TestTabsThatRefreshAtOnce", signin + "TestRotationRace"}},
	{id: "C04", what: "the token before the last but one, within the grace", tests: []string{session + "C04", rules + "TestPresent"}},
	{id: "C05", what: "every token after signing out", tests: []string{session + "C05", signin + "TestSignOutOfATokenThatIsNotGoodYet", fiber + "TestSigningOut", script + "logout"}},
	{id: "C06", what: "every other session after a change of the password", tests: []string{script + "revocation", script + "password_change", credentials + "TestSetPasswordEndsSessions"}},
	{id: "C07", what: "signing out while refreshing", tests: []string{session + "C07"}},
	{id: "C08", what: "changing the password while refreshing and signing in", tests: []string{session + "B11_and_C08", credentials + "TestChangePasswordRacing", credentials + "TestChangePasswordRacingSignIns"}},
	{id: "C09", what: "beyond the absolute and the idle limit", tests: []string{signin + "TestRefreshAccessUntilTheEnd", signin + "TestRotationForAWeek", signin + "TestRefreshAccessOfAnIdleSession", rules + "TestSessionIdle"}},
	{id: "C10", what: "an answer that is lost", tests: []string{session + "C10", signin + "TestRotationRepeatsWithinTheGrace"}},
	{id: "C11", what: "thief and victim, in either order", tests: []string{session + "C11"}, note: "the two addresses are in two rows of the audit trail"},

	{id: "D01", what: "forms", tests: []string{other + "F04", bodies + "TestForms", fiber + "TestPagesOfOtherSites"}, note: "accepted, as by Django; what forms make possible is refused by where they come from"},
	{id: "D02", what: "multipart", tests: []string{other + "F04", bodies + "TestMultipart"}, note: "as D01"},
	{id: "D03", what: "other types of content", tests: []string{bodies + "TestMediaTypes", fiber + "TestSigningInWithoutCredentials"}},
	{id: "D04", what: "compressed bodies", tests: []string{other + "D04", bodies + "TestContentEncodings"}},
	{id: "D05", what: "bodies that are too large or never end", tests: []string{fiber + "TestUnreadableRequests", fiber + "TestTheAnswerArrivesBeforeTheConnectionIsReset", fiber + "TestSigningIn"}, system: []string{program + "TestSizesThroughProxies"}},
	{id: "D06", what: "headers that are too large", tests: []string{fiber + "TestUnreadableRequests"}, system: []string{program + "TestSizesThroughProxies"}, note: "a long request line is answered 431 too"},
	{id: "D07", what: "bodies that are no object", tests: []string{bodies + "TestJSONThatIsNoObject", fiber + "TestSigningInWithoutCredentials"}},
	{id: "D08", what: "JSON with more around it", tests: []string{bodies + "TestFaultyJSON"}},
	{id: "D09", what: "values of another type", tests: []string{bodies + "TestEveryFaultOfAField"}, note: "a number is taken for its digits, as by Django"},
	{id: "D10", what: "members that nobody asked for", tests: []string{bodies + "TestUnknownFieldsAreIgnored", fiber + "TestSigningIn"}, note: "ignored, as by Django"},
	{id: "D11", what: "members twice", tests: []string{bodies + "TestFaultyJSON", fiber + "TestSigningInWithoutCredentials"}, note: "names match exactly, so one in other case is another member"},
	{id: "D12", what: "JSON that is deep, wide or long", tests: []string{bodies + "TestFaultyJSON", bodies + "FuzzJSONBody"}},
	{id: "D13", what: "bad UTF-8, surrogates, NUL", tests: []string{bodies + "TestFaultyJSON", bodies + "TestEveryFaultOfAField"}},
	{id: "D14", what: "every method on every route", tests: []string{other + "D14", fiber + "TestEveryPathAndMethod", fiber + "TestSessionPaths"}},
	{id: "D15", what: "secrets in the address", tests: []string{other + "D15", fiber + "TestNothingThatWasSentIsLogged", program + "TestSecretsStaySecret"}},
	{id: "D16", what: "old, odd and pipelined requests", tests: []string{other + "D16", program + "TestManyRequestsInOnePacket", program + "TestPipeliningOfAThousand", fiber + "TestPipelining", fiber + "TestCommandsOutliveTheirRequests"}, note: "an unknown expectation is ignored"},

	{id: "E01", what: "addresses in other case", tests: []string{rules + "TestEmailKey", signin + "TestObtainTokensInOtherCase"}, note: "attempts are counted by the address without case, see H02"},
	{id: "E02", what: "invisible characters in addresses", tests: []string{other + "E08", rules + "TestEmailKeyTellsApart", rules + "TestParseEmailRefuses", bodies + "TestPythonStrip"}},
	{id: "E03", what: "composed and decomposed characters", tests: []string{rules + "TestEmailKey", rules + "TestEmailKeyTellsApart"}},
	{id: "E04", what: "compatible characters", tests: []string{other + "E08", rules + "TestEmailKeyTellsApart"}},
	{id: "E05", what: "look-alikes", tests: []string{other + "E08", rules + "TestEmailKeyTellsApart"}, note: "the operator is not warned of mixed scripts"},
	{id: "E06", what: "case folding onto ASCII", tests: []string{other + "E08", rules + "TestEmailKeyTellsApart", fiber + "TestSigningInIsRefused"}},
	{id: "E07", what: "odd forms of addresses", tests: []string{other + "E08", rules + "TestParseEmailRefuses"}},
	{id: "E08", what: "injection by name", tests: []string{other + "E08", fiber + "TestSigningInIsRefused"}},
	{id: "E09", what: "addresses of every length", tests: []string{bodies + "TestEveryFaultOfAField", bodies + "TestLongestValues", fiber + "TestSigningInWithoutCredentials"}},
	{id: "E10", what: "passwords that are almost right", tests: []string{other + "E10", hashes + "TestPasswordIsTakenByteForByte", bodies + "TestPasswordsAreTakenByteForByte"}},

	{id: "F01", what: "cookies sent by another site", tests: []string{fiber + "TestPagesOfOtherSites", script + "cookies_cross_site"}},
	{id: "F02", what: "origins that look like ours", tests: []string{fiber + "TestPagesOfOtherSites"}},
	{id: "F03", what: "neither origin nor site", tests: []string{fiber + "TestPagesOfOtherSites"}, note: "that is a program: every browser sends one of them with a POST"},
	{id: "F04", what: "signing a victim in", tests: []string{other + "F04", fiber + "TestSigningInFromAnotherSite"}},
	{id: "F05", what: "foreign origins on each route", tests: []string{other + "F05", fiber + "TestNobodyElseMayReadAnswers"}},
	{id: "F06", what: "origins that look allowed", tests: []string{other + "F05", fiber + "TestNobodyElseMayReadAnswers"}},
	{id: "F07", what: "preflights", tests: []string{other + "F05", fiber + "TestPreflight"}},
	{id: "F08", what: "tossed cookies", tests: []string{other + "F08", fiber + "TestReadingCookies", fiber + "TestAmbiguousRefreshCookies"}, note: "the same value twice is one value"},
	{id: "F09", what: "cookies whose names look alike", tests: []string{fiber + "TestReadingCookies"}},
	{id: "F10", what: "tokens in two places", tests: []string{other + "F10", fiber + "TestHeaderAndCookie", fiber + "TestWhereTheRefreshTokenComesFrom"}, note: "one place decides alone, in Django's order"},
	{id: "F11", what: "cookies to the byte", tests: []string{fiber + "TestCookiesToTheByte", script + "cookies"}, system: []string{program + "TestSigningInThroughProxies"}, note: "the names are the shop's, a __Host- prefix is for the operator to set; not tried with a real browser"},
	{id: "F12", what: "cookies with odd values", tests: []string{fiber + "TestReadingCookies", fiber + "TestWhereTheRefreshTokenComesFrom", fiber + "FuzzCookieHeader"}},
	{id: "F13", what: "reading changes nothing", tests: []string{fiber + "TestReadingChangesNothing"}},

	{id: "G01", what: "X-Forwarded-For from anybody", tests: []string{fiber + "TestNobodyIsTrustedByDefault", fiber + "TestClientAddresses"}, system: []string{program + "TestProxiesThatAreNotTrusted"}},
	{id: "G02", what: "X-Forwarded-For through a proxy", tests: []string{fiber + "TestClientAddresses", script + "proxy"}, system: []string{program + "TestAddressesThroughProxies", program + "TestThrottlingThroughProxies", program + "TestHTTP2ThroughProxies"}},
	{id: "G03", what: "poisoned hosts", tests: []string{other + "G03", fiber + "TestSigningInWhenAResetIsDue", fiber + "TestOtherFormsOfRequests"}, system: []string{program + "TestPoisonThroughProxies"}, note: "an unknown Host is answered, but never used"},
	{id: "G04", what: "poisoned schemes", tests: []string{other + "G04", fiber + "TestTransportSecurityIsForHTTPSAlone"}, system: []string{program + "TestPoisonThroughProxies", program + "TestSigningInThroughProxies"}},
	{id: "G05", what: "headers that other software obeys", tests: []string{other + "G03", fiber + "TestSigningIn", fiber + "TestClientAddresses"}, system: []string{program + "TestAddressesThroughProxies"}},
	{id: "G06", what: "request smuggling", tests: []string{program + "TestSmuggling", program + "TestWhatIsNoSmuggling", fiber + "TestSmuggling"},
		system: []string{program + "TestSmugglingThroughProxies", program + "TestSmugglingOverHTTP2ThroughProxies"}, note: "a line feed alone after the first line of a request ends it"},
	{id: "G07", what: "lines in the log", tests: []string{other + "G07", fiber + "TestLogLinesArePlain", fiber + "TestUserAgents", program + "TestUnreadableRequestsAreNotLogged"}},
	{id: "G08", what: "other spellings of paths", tests: []string{fiber + "TestUnknownPaths", fiber + "TestOtherSpellingsAreUnknownForEveryMethod"}},

	{id: "H01", what: "a flood of sign-ins", tests: []string{other + "H01", hashes + "TestDefaultQueue", hashes + "TestHasherRefusesWhenItsQueueIsFull", signin + "TestObtainTokensOverloaded"}, note: "memory and latencies are not measured"},
	{id: "H02", what: "guessing at one account", tests: []string{signin + "TestWrongPasswordsAreDelayed", signin + "TestUnknownAddressesAreCountedLikeKnownOnes", fiber + "TestThrottled", fiber + "TestThrottledUntilFreed", script + "throttled"}},
	{id: "H03", what: "one account, many addresses", tests: []string{signin + "TestADistributedGuesser"}},
	{id: "H04", what: "one address, many accounts", tests: []string{signin + "TestAShopBehindOneAddress", signin + "TestAPatientGuesserInTheShop"}},
	{id: "H05", what: "one password, all accounts", tests: []string{signin + "TestAShopBehindOneAddress"}, note: "the ceiling is that of each network and of each account; one password for each account from very many networks shows in the audit trail, and nothing raises an alarm"},
	{id: "H06", what: "locking somebody out", tests: []string{signin + "TestADistributedGuesser", signin + "TestKnownDevices", signin + "TestDevicesAreKnownByTheirSessions", signin + "TestRefreshingHasNoPartInIt", roster + "TestFreeing", script + "throttled_reset"}},
	{id: "H07", what: "the memory of the limits", tests: []string{script + "throttled", upkeep + "TestForgetFailures"}, note: "the counters are rows of the database; housekeeping removes those that hold nobody back"},
	{id: "H08", what: "a burst at the edge of a limit", tests: []string{program + "TestParallelGuesses", signin + "TestParallelGuesses"}},
	{id: "H09", what: "one answer and one time for all", tests: []string{other + "H09", fiber + "TestSigningInIsRefused", hashes + "TestEveryRefusalCostsOneHash", signin + "TestObtainTokensStandIn"}, note: "the work is compared, times are not"},
	{id: "H10", what: "slow clients", tests: []string{program + "TestSlowClients", program + "TestDrips", program + "TestFloodOfConnections", program + "TestFewOpenFiles", fiber + "TestSlowRequests",
		fiber + "TestConnectionsBeyondTheLimit", fiber + "TestPlacesOfConnectionsAreFreedAgain", fiber + "TestAcceptingGoesOnWhenTheSystemIsShort"}, system: []string{program + "TestDripsThroughProxies"}},

	{id: "I01", what: "guessing reset tokens", tests: []string{links + "I01", credentials + "TestGuessingLinks", fiber + "TestLinksThatAreNotValid", rules + "TestLinkCheck"}, note: "a network that guesses is told to wait; no account is held, and a good link works all the same"},
	{id: "I02", what: "a reset token twice", tests: []string{links + "I02", credentials + "TestConfirmPasswordResetAtOnce"}},
	{id: "I03", what: "old reset tokens", tests: []string{links + "I03", credentials + "TestConfirmPasswordResetWithoutAGoodLink", rules + "TestLinkCheck"}},
	{id: "I04", what: "expired and foreign reset tokens", tests: []string{links + "I04", credentials + "TestRequestsAreAlike", fiber + "TestAskingForALink", fiber + "TestLinksThatAreNotValid"}, note: "the answer is 200; the work is compared call by call, times are only told"},
	{id: "I05", what: "a password that must be changed", tests: []string{fiber + "TestRefreshing", fiber + "TestAccessTokensAreRefused", fiber + "TestSigningInWhenAResetIsDue", credentials + "TestChangePasswordWhileAResetIsDue", rules + "TestCheckNewPassword"}, note: "nobody gets a token before; the answers are Django's words and a 401"},
	{id: "I06", what: "guessing the old password", tests: []string{signin + "TestChangesOfThePasswordCount", fiber + "TestThrottled", fiber + "TestThePageIsThrottled"}, note: "a success ends all sessions, the caller's too"},
	{id: "I07", what: "a flood of resets", tests: []string{links + "I07", credentials + "TestRequestsAreLimitedByAccount", credentials + "TestRequestsAreLimitedByNetwork", credentials + "TestLettersForNobodyLeaveRoom"}, note: "five letters to an account in any hour, not three"},

	{id: "J01", what: "a full disk", tests: []string{"cmd/dev/torture TestFullDisk"}},
	{id: "J02", what: "files that cannot be written", tests: []string{script + "database_unusable", store + "TestOpenTriesToWrite", "cmd/dev/torture TestReadOnly", store + "TestTheFileIsTakenAway"}},
	{id: "J03", what: "a lock that somebody holds", tests: []string{store + "TestLockedByAnotherProcess", "cmd/dev/torture TestForeignLock"}, note: "a long reader is not tried"},
	{id: "J04", what: "a damaged database", tests: []string{script + "database_unusable", store + "TestOpenFindsDamage", store + "TestDamageStopsWriting", store + "TestTheFileIsTakenAway"}},
	{id: "J05", what: "killed at every write", tests: []string{"cmd/dev/torture TestKilled"}, note: "at random moments under load, not at each write in turn"},
	{id: "J06", what: "a disk that fails", tests: []string{usecase + "TestFaultsAreToldAndUndone"}, system: []string{program + "TestDiskThatFails"}, note: "a fault of the memory that is shared between processes is not tried"},
	{id: "J07", what: "two servers on one database", tests: []string{script + "two_servers", script + "operator_beside_server", store + "TestOneServerAtATime"}},
	{id: "J08", what: "the clock goes ahead", tests: []string{signin + "TestRefreshAccessUntilTheEnd", signin + "TestVerifyTokenAfterwards", rules + "TestClaimsCheckAtBoundaries"}},
	{id: "J09", what: "the clock goes back", tests: []string{fiber + "TestTheClockGoesBack", "cmd/dev/torture TestClockJumps", rules + "TestMomentsStayWhenTheClockIsPutBack"}, note: "what was issued is refused until its time comes again; the start does not compare the clock with anything"},
	{id: "J10", what: "key files that are none", tests: []string{keys + "TestLoadOrCreateRefusesWhatIsNoKey", keys + "TestLoadOrCreateRefusesOtherAccounts", keys + "TestSigningKeyRefusesADamagedFile", keys + "TestSigningKeyRefusesAnotherAlgorithm"}, note: "keys are read at the start alone"},
	{id: "J11", what: "panics, signals, a log that nobody reads", tests: []string{fiber + "TestPanics", fiber + "TestShutdown", program + "TestHangUpEndsTheServiceInNoPhase", program + "TestReaderOfTheLogGoesAway", program + "TestLogThatCannotBeWritten", script + "restart"}, system: []string{program + "TestRestartsBehindProxies", program + "TestRestartsUnderLoadBehindProxies"},
		note: "a lack of memory is not tried"},

	{id: "K01", what: "tokens of the shared secret beside another key", tests: []string{script + "shared_secret", signin + "TestTheSharedSecretProvesNothing", signin + "TestTheSharedSecretNamesNoSession", signin + "TestTheSharedSecretNamesNoAdoptedSession", signin + "TestTheSharedSecretEndsNothing", signin + "TestTheSharedSecretIsNoDevice", signin + "TestSessionsOfTheSharedSecret", rules + "TestClaimsCheckSharedSecret", rules + "TestSessionNamed", signer + "TestOverlappingKeys", store + "TestMigrateSessionsOfBefore"},
		note: "until ACCEPT_DJANGO_TOKENS_UNTIL whoever has the secret can still make a Django token for anybody"},
	{id: "K02", what: "files beside a backup, or in its place", tests: []string{store + "TestRestoreRefusesSideFiles", store + "TestRestoreChecksSideFiles", store + "TestRestoreTakesOneRegularFile", store + "TestRestoreReadsWhatItHasOpened",
		store + "TestRestoreInterrupted", store + "TestBackupRefusesANameWithSideFiles", store + "TestABackupIsMadeInTheDataFolder", "adapters/internal/ownfile TestOpenRefusesEverythingElse", script + "restore_side_files"}},
	{id: "K03", what: "links that the service's account plants for root", tests: []string{program + "TestRootFollowsNoPlantedLinks", program + "TestRootWorksAsTheServicesAccount", program + "TestRootServesAsTheServicesAccount", program + "TestRootsWayToTheFolder", program + "TestRootIsNotLedByWhatItIsNamed", program + "TestNamedPipesInTheDataFolder", store + "TestOpenRefusesWhatIsNoFileOfOurs", keys + "TestSymbolicLinks"}, note: "the tests that need root are left out where they are run without"},
	{id: "K04", what: "what worked before an account was deleted, when it comes back", tests: []string{roster + "TestWhoWasDeletedComesBackWithoutTheOldSignIns", roster + "TestWhoWasDeletedComesBackWhateverTheClocks", roster + "TestSignInWhileThePersonIsDeletedAndComesBack", roster + "TestAddStaffUnderTheAddressOfTheDeleted", upkeep + "TestDeletionsAreForgotten", rules + "TestDeletionAndComingBack", rules + "TestForgetDjangoBefore", upkeep + "TestWhatWasAdoptedIsRememberedWithoutTheSetting", store + "TestMigrateRemembersDeletions", script + "staff_delete"},
		note: "the device cookie of before still gives its browser a budget of its own"},
	{id: "K05", what: "letters that nobody reads, asked for from many networks, crowd out those of staff",
		tests: []string{links + "K05", credentials + "TestLettersForNobodyLeaveRoom", signin + "TestTheNetworksOfOneCustomer", credentials + "TestAFullOutboxIsToldToEverybody", credentials + "TestRequestsAreAlikeAmongDecoys", fiber + "TestAskingForALinkWhenTheOutboxIsFull"}},
	{id: "K06", what: "old genuine tokens that grow the trail",
		tests: []string{session + "K06", signin + "TestOldTokensDoNotGrowTheTrail", signin + "TestOldTokensAreThrottled", signin + "TestOldTokensFromManyNetworks", signin + "TestAGoodTokenIsAlwaysAnswered", signin + "TestWhatEndsASessionIsWritten", signin + "TestRefusalsByNetworkWriteNothing", rules + "TestRefusalsCountAll"}},
	{id: "K07", what: "the end of the trail cut off, or a backup edited, without the key", tests: []string{store + "TestTailCutWithAHeadMadeByHand", store + "TestTrailEmptied", store + "TestHistoryThatKnowsNothing", store + "TestHistoryOfAVersionThatDidNotSign",
		store + "TestRestoreRefusesAnEditedBackup", store + "TestRestoreOfACopyWithoutADigest", store + "TestRestoreRefusesAnEmptiedTrail", store + "TestBackupRefusesATrailThatWasCutOff", rules + "TestTrailOfTwoVersions", trail + "TestVerifyAgainstAnAnchor", script + "audit_verify", script + "restore_edited"},
		note: "an older database with the audit.head of that time is noticed only with an end that was written down on another machine"},
	{id: "K08", what: "a stolen cookie, sent in a body", tests: []string{fiber + "TestAStolenCookieInTheBodyIsNoticed", fiber + "TestRotation", signin + "TestRotationWhereNobodyKnows", script + "cookies_rotated"}},
	{id: "K09", what: "a page that is only read, by another site, ahead of time, or with an answer that is lost", tests: []string{fiber + "TestReadingChangesNothing", fiber + "TestReadingAheadRenewsNothing", fiber + "TestThePageRenewsNothingForTwoOwners", signin + "TestRenewAccess", signin + "TestRenewAccessRefuses", script + "cookies_rotated"},
		note: "each renewal is an event in the audit trail"},
	{id: "K10", what: "more sessions than a person may have, by adoption", tests: []string{signin + "TestRefreshAccessAdoptsOneTooMany", signin + "TestRefreshAccessMakesNoRoomForNothing"}},
	{id: "K11", what: "a list that opens what was shut by leaving it out", tests: []string{rules + "TestImportTakesEveryFieldThatIsSaidAndNoOther", rules + "TestImportOfSomebodyNewOfWhomAFieldIsNotSaid", rules + "TestImportRemembersWhatAShorterListDoesNotSay", roster + "TestImportStaffFromAListThatSaysLittle", "adapters/djangoexport TestFieldsOfCSV", "adapters/djangoexport TestFieldsOfDumpdata", "adapters/djangoexport TestUnknownFieldsAreNamedOnce", script + "import_silent"}},
	{id: "K12", what: "a disk that gets full, and many who ask whether the service is ready", tests: []string{rules + "TestRoom", upkeep + "TestCheckReadinessNeedsRoom", store + "TestProbe", store + "TestProbeOfSomebodyWhoGivesUp", store + "TestProbeThatItsCallerLeaves", fiber + "TestHealth", "adapters/housekeeping TestTheLogTellsOfReadiness"},
		system: []string{program + "TestDiskThatGetsFull"}, note: "a quota that the file system does not tell of shows when a write fails"},
	{id: "K13", what: "a database that is gone", tests: []string{script + "database_lost", script + "database_lost_kinds", script + "rollback"}, note: "nothing tells when the whole folder is gone"},
	{id: "K14", what: "an audit event that names somebody else, or a colleague who reaches for more", tests: []string{rules + "TestActorsCannotBePutInOrTakenOut", rules + "TestMay", "application TestStaffCommandsAskWhoActs", "application TestOtherCommandsAskWhoActs", "application TestReadingAsksWhoActs", "application TestTheLastSuperuserStays", "application TestAListThatTakesTheLastSuperuser", store + "TestTampering", script + "operator"}, note: "at the command line another name can be given"},

	{id: "L01", what: "a cookie that says a change is due: forged, of another person, replayed after the change, or taken for a sign-in", tests: []string{rules + "TestADueTokenCannotBeForged", rules + "TestWhenADueTokenHolds", signin + "TestFindDueChange", fiber + "TestDueCookiesThatAreRefused", fiber + "TestTheDueCookieOpensNothing"}},
	{id: "L02", what: "a session that answers for the next person at the same browser, whose sign-in was stopped", tests: []string{fiber + "TestADueSignInEndsTheSessionOfTheCookies", signin + "TestAStoppedSignInEndsTheSessionsOfTheCookies", signin + "TestAStoppedSignInFromAnotherSite"}},
	{id: "L03", what: "Django asked past us for what we have taken over, in another spelling of the path", tests: []string{fiber + "TestPathsForProxies", proxies + "TestOurPathsInEverySpelling", proxies + "TestOurPathsBelowAPrefix"}, system: []string{program + "TestDjangoIsNotReachedPastUs", program + "TestDjangoKeepsItsPaths", program + "TestFaultsOfAProxyAreFound"}},
	{id: "L04", what: "identity headers from a client, also written with underscores, and a path in SCRIPT_NAME", tests: []string{proxies + "TestTwinsOfAName"}, system: []string{program + "TestDjangoIsToldWhoAsks", program + "TestProxiesAskAboutTheRequestItself"}},
	{id: "L05", what: "an upgrade to h2c, which leads past the rules of the proxy", tests: []string{"cmd/gatehouse/internal/program TestProxyDocuments"}, system: []string{program + "TestDjangosWayIsWide"}},
	{id: "L06", what: "a false proof to the check of the proxy, and what strangers learn from asking for one", tests: []string{"adapters/fiberhttp/proof TestStrangersGetNothing", fiber + "TestAnswersAreProvenToTheCheckAlone"}},
	{id: "L07", what: "an environment file that another account may write to, or has led root to", tests: []string{program + "TestRootTakesNoEnvironmentFileOfAnotherAccount", script + "env_file"}},
	{id: "L08", what: "a refresh cookie that gives access tokens in passing: replaced, of a session that is over, of another person than the access cookie, with a page of another site, in a header", tests: []string{fiber + "TestWhatIsNotRenewed", fiber + "TestARenewalIsRepeated", signin + "TestRenewAccessRefuses", signin + "TestRenewAccessBesideAnAccessToken", signin + "TestRenewAccessAtOnce", script + "cookies_renewed"},
		note: "the second renewal within a minute is no event of its own"},
	{id: "L09", what: "an open path that leads elsewhere: dots, //, encoded slashes and NUL, parameters, two encodings, another case", tests: []string{fiber + "TestNoWayAroundTheGuard", rules + "TestOpenPathsMatch", rules + "TestCheckOpenPath", rules + "TestGuardedRequestDemand"}},
	{id: "L10", what: "a client that describes another request to the guard than it sends: the other family of headers, doubled ones, odd methods, hosts and paths, headers that are too large", tests: []string{fiber + "TestHowProxiesDescribeARequest", fiber + "TestLargeHeadersAtTheGuard", fiber + "TestTheGuardIsAskedWithGET"}, note: "a client that reaches the guard itself can describe any request: the setting takes no public address"},
	{id: "L11", what: "a client that says who it is, at the guard", tests: []string{fiber + "TestGuardIsNotToldWhoItIs", fiber + "TestForwardAuthOfTraefik", fiber + "TestGuardTellsWhoItIs"}},
	{id: "L12", what: "a page of another site, two cookies, or tokens that are over, at the guard", tests: []string{fiber + "TestGuard", fiber + "TestTheGuardRenewsNothing", fiber + "TestOldTokensAtTheGuardShutNobodyOut", fiber + "TestGuardAfterSigningOut", fiber + "TestWhereTheGuardLeadsBack"}, system: []string{program + "TestForgedPagesBehindProxiesWithDjango"}},
	{id: "L13", what: "an access token that was stolen, at Django after its owner has signed out, was shut out or has changed the password", tests: []string{fiber + "TestGuardAfterSigningOut"}, system: []string{program + "TestMondayBehindProxiesWithDjango", program + "TestMondayBehindProxiesWithDjangoAndAKeyOfOurOwn"},
		note: "without the guard Django takes it until it ends"},
}
