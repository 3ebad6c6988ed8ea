package model_test
import "crosscall/memmodel/model"
func init(){ m,err:=model.Load("lkmm"); if err!=nil{panic(err)}; for i:=range m.Plan.Nodes{ if m.Plan.Nodes[i].Name=="same-value"{m.Plan.Nodes[i].Name="loc"}}}
