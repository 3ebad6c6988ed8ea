//go:build zz

package csource_test
import ("testing";"os";"fmt";"time";"math/rand";"path/filepath";"runtime/pprof";"crosscall/memmodel/csource")
func TestHang(t *testing.T){
 files,_:=filepath.Glob("testdata/*/*.c")
 r:=rand.New(rand.NewSource(time.Now().UnixNano()))
 var seeds [][]byte
 for _,f:=range files{b,_:=os.ReadFile(f);seeds=append(seeds,b)}
 end:=time.Now().Add(25*time.Second)
 n:=0
 for time.Now().Before(end){
  s:=append([]byte(nil),seeds[r.Intn(len(seeds))]...)
  for range 1+r.Intn(4){ i:=r.Intn(len(s)); switch r.Intn(4){case 0:s[i]=byte(r.Intn(128));case 1:s=append(s[:i],s[i+1:]...);case 2: j:=min(len(s),i+r.Intn(20)); s=append(s[:i:i],append(append([]byte(nil),s[i:j]...),s[i:]...)...);case 3: j:=min(len(s),i+r.Intn(20));s=append(s[:i:i],s[j:]...)}; if len(s)==0 {break} }
  done:=make(chan bool)
  go func(){ defer func(){ if e:=recover();e!=nil{ fmt.Printf("PANIC %v\n%s\n",e,s); os.Exit(1)}; close(done)}()
   src,err:=csource.Parse("f.c",s,csource.Options{}); if err==nil { src.Compile(table(t,"lkmm"),nil); src.Compile(table(t,"rc11"),nil)} }()
  n++
  select{case <-done: case <-time.After(3*time.Second): fmt.Printf("HANG\n%s\n",s); pprof.Lookup("goroutine").WriteTo(os.Stdout,2); os.Exit(1)}
 }
 fmt.Println("ran",n)
}
