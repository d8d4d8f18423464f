package program

// What the two demonstration passwords were hashed to.
const (
	demoWelderHash  = "argon2$argon2id$v=19$m=19456,t=2,p=1$9srrtMD6P+Rkcca+wXIsKg$cSGNOlPDlkg/HY7gM1wndrCqk0SJs4l7ACSAxrHrrw4"
	demoMachineHash = "argon2$argon2id$v=19$m=19456,t=2,p=1$03guU0xauBr280hN0f6XaQ$ugHg7uxvZU9OZeiM5WGw62+Sr4eE2Yr6vPImLsNzHcg"
)
