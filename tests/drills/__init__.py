"""The long proofs that nothing is lost, nothing leaks and nothing is unfair: `make drills`. No test lives here."""
