package model_test
import ("testing";"crosscall/memmodel/model")
func TestHerdCats(t *testing.T){
 for own,theirs:=range map[string]string{"power":"ppc.cat","x86-tso":"x86tso.cat","riscv":"riscv.cat","rc11":"rc11.cat","sc":"sc.cat"} {
  a,_:=model.Load(own); b,err:=model.Load("/tmp/mm/libdir/"+theirs); if err!=nil{t.Error(err);continue}
  if own=="sc" {b.Def=a.Def}
  t.Log(own, b.DefFile, b.Title)
  n:=0
  for _,s:=range order{ for _,name:=range append(combinations(s)) { for _,pl:=range []bool{false,true}{ if pl&&own=="rc11"{continue}
    n++
    x,y:=verdict(t,a,name,pl),verdict(t,b,name,pl); if x!=y{t.Errorf("%s %s ours %s herd %s",own,name,x,y)}}}}
  for _,name:=range ppo{ x,y:=verdict(t,a,name,false),verdict(t,b,name,false); if x!=y{t.Errorf("%s %s ours %s herd %s",own,name,x,y)}}
  t.Log(n)
 }
}
