package kvserver

func startOwners(Config) (Server, error) { panic("") }
