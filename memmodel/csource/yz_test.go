//go:build zz

package csource_test
import ("testing";"os";"fmt";"time";"strings";"context";"crosscall/memmodel/csource";"crosscall/memmodel/check";"crosscall/memmodel/litmus";"crosscall/memmodel/model")
func TestV(t *testing.T){
 f:=os.Getenv("VF"); if f=="" {t.Skip()}
 list,_:=os.ReadFile(f)
 for _,name:=range strings.Fields(string(list)) {
  src,_:=os.ReadFile(name)
  func(){
  defer func(){ if r:=recover();r!=nil{ fmt.Printf("PANIC %s: %v\n",name,r)}}()
  def:=map[string]string{}
  s,err:=csource.Parse(name,src,csource.Options{Defines:def})
  if err!=nil && strings.Contains(err.Error(),"N is not declared") { def["N"]="2"; s,err=csource.Parse(name,src,csource.Options{Defines:def}) }
  if err!=nil{ return}
  mn:="rc11"; if strings.Contains(string(src),"lkmm.h")||strings.Contains(name,"lkmm"){mn="lkmm"}
  m,_:=model.Load(mn); tab,_:=litmus.ParseMacros(m.DefFile,m.Def)
  test,err:=s.Compile(tab,nil)
  if err!=nil{ return}
  ctx,c:=context.WithTimeout(context.Background(),1500*time.Millisecond); defer c()
  t0:=time.Now()
  r:=check.Run(ctx,test,m,check.Options{})
  fail:=""
  if r.Failure!=nil { fail=fmt.Sprintf("%v:%v %v %v",r.Failure.Pos.Line,r.Failure.Pos.Col,r.Failure.Kind,r.Failure.Text) }
  fmt.Printf("V %v %s ex %d %v %s | %s %v\n",r.Verdict,strings.TrimPrefix(name,"/tmp/genmc/tests/"),r.Executions,time.Since(t0).Round(time.Millisecond),r.Reason,fail,r.Flags)
  }()
 }
}
