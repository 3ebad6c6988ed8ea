// Package render draws an execution: as text for a terminal, as a graph for
// Graphviz, as SVG and as a page of HTML.
//
// All four show the same: a column for each thread with its events in program
// order, the initial writes above them, and the edges that say how the threads
// met. If the model forbids the execution, the edges that its check objects to
// stand out, and a caption follows them step by step.
//
// Edges that follow from others are left out, because people read the picture:
// co and fr go to the next write only, an initial write's place in co is known,
// and so is the fr between the two halves of one atomic operation.
//
// The same execution gives the same bytes.
package render
