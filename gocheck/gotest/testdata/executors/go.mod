module example.com/executors

go 1.26.0

require crosscall v0.0.0

require golang.org/x/sys v0.50.0 // indirect

replace crosscall => ../../../..
