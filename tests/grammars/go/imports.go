package main

import "fmt"
// <- import
//      ^ import.module

import str "strings"
// <- import
//     ^ import.alias
//          ^ import.module

import (
// <- import
// <- import
// <- import
// <- import
// <- import
	"math/rand"
//^ import.module
	// Drawn for its side effects.
	_ "image/png"
	// <- import.alias
	// ^ import.module
	. "github.com/onsi/gomega"
	// <- import.alias
	// ^ import.module
	yaml "gopkg.in/yaml.v3"
	// <- import.alias
	//    ^ import.module

	"example.com/shop/internal/cart"
//^ import.module
)

import ()

var path = "fmt"
// <- !import.module
