#!/usr/bin/env bash
# Sees that the checks of .ci/run fail closed: takes away a tool, a file or a version, in a copy,
# and expects a failure that says why. tests/gates.sh [--quick | NAME...]: all, those that compile
# nothing, or those whose name begins so. Prints a line for each and fails if a gate stays open.
set -euo pipefail
shopt -s inherit_errexit
unset CDPATH
cd "$(dirname "$0")/.."
repository=$PWD
# A target folder of its own, kept for the next run: Cargo takes the copy for the original, and in
# one folder the programs of the one would read the files of the other.
export CI=true CARGO_INCREMENTAL=0 CARGO_TARGET_DIR=$PWD/target/gates/target
unset GITHUB_STEP_SUMMARY REQUIRE_VECTORS

quick=
[ "${1:-}" != --quick ] || { quick=yes && shift; }
[[ "${1:-}" != -* ]] || { echo "usage: gates.sh [--quick | NAME...]" >&2 && exit 2; }
chosen=("$@")
echo "copying the sources"
work=$repository/target/gates/work
copy=$work/copy
rm -rf "$work"
mkdir -p "$copy" "$work/bin"
git ls-files -z --cached --others --exclude-standard | tar -c --null --files-from=- | tar -x -C "$copy"
git -C "$copy" init -q
git -C "$copy" add -A
cd "$copy"

held=0 open=()

# gate NAME GREEN|RED MESSAGE COMMAND...: the command succeeds or fails, and says what matches
# MESSAGE.
gate() {
    local name=$1 expected=$2 message=$3 log=$work/log found=GREEN
    shift 3
    is_chosen "$name" || { put_back && return; }
    PATH=$work/bin:$path "$@" >"$log" 2>&1 </dev/null || found=RED
    if [ "$found" = "$expected" ] && grep -Eq -- "$message" "$log"; then
        held=$((held + 1))
        echo "$name: ${found,,}, as expected"
    else
        open+=("$name")
        echo "$name: ${found,,}, expected ${expected,,} with \"$message\":"
        tail -n 15 "$log" | sed 's/^/    /'
    fi
    put_back
}

is_chosen() {
    local one
    [ "${#chosen[@]}" -gt 0 ] || return 0
    for one in "${chosen[@]}"; do [[ "$1" != "$one"* ]] || return 0; done
    return 1
}

changed=()
path=$PATH

# What a gate changes, for put_back to undo.
take() {
    rm -rf "${copy:?}/$1"
    changed+=("$1")
}
edit() {
    local before
    before=$(<"$2")
    sed -i "$1" "$2"
    [ "$before" != "$(<"$2")" ] || { echo "sed $1 $2 changes nothing" >&2 && exit 1; }
    changed+=("$2")
}

# A program of this name that is this script.
stub() {
    { echo '#!/usr/bin/env bash' && cat; } >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}

# All programs but this one.
without() {
    local folder tool
    rm -rf "$work/farm"
    mkdir "$work/farm"
    # The first of a name counts.
    for folder in ${path//:/ }; do
        [ ! -d "$folder" ] || find "$folder/" -maxdepth 1 ! -type d -print0 | xargs -0r ln -st "$work/farm" 2>/dev/null || true
    done
    for tool; do rm -f "$work/farm/$tool"; done
    path=$work/farm
}

put_back() {
    local file
    for file in "${changed[@]}"; do
        rm -rf "${copy:?}/$file"
        [ ! -e "$repository/$file" ] || cp -a "$repository/$file" "$copy/$file"
    done
    changed=()
    rm -f "$work"/bin/*
    path=$PATH
}

# == .ci/run ==

gate "ci: a step that is none" RED "no step nothing" .ci/run nothing

every="tools sizes columns format gates lints lowest-versions peers documentation tests aws-lc-rs"
every+=" both-providers test-data public-suites bounds instructions install fuzzing package"
gate "ci: every step" RED "no step nothing: $every\$" .ci/run nothing

for tool in openssl curl cc c++ valgrind python3 pkg-config go readelf; do
    is_chosen "ci: no $tool" || continue
    without "$tool"
    stub apt-get <<<"exit 100"
    stub sudo <<<'"$@"'
    gate "ci: no $tool, and none to install" RED "installing:.* ${tool//+/.}" .ci/run tools
done
stub apt-get <<<"exit 100"
stub sudo <<<'"$@"'
stub cc <<<"exit 1"
gate "ci: no headers of OpenSSL, and none to install" RED "installing:.* libssl-dev" .ci/run tools
stub cargo <<<'[ "$1" != +nightly ]'
stub rustup <<<'echo "rustup $*"; exit 1'
gate "ci: no nightly, and none to install" RED "rustup toolchain install nightly" .ci/run tools

yes "// long" | head -n 501 >src/long.rs || true
git add src/long.rs
changed+=(src/long.rs)
gate "ci: a long file" RED "501 src/long.rs" .ci/run sizes
git rm -q --cached src/long.rs
stub git <<<"exit 0"
gate "ci: no files to measure" RED "no files" .ci/run sizes

# `columns NAME GREEN|RED MESSAGE FILE` has FILE hold what is piped in, and nothing else in the copy.
columns() {
    mkdir -p "$(dirname "$work/lines/$4")"
    cat >"$work/lines/$4"
    cp -r .ci "$work/lines"
    git -C "$work/lines" init -q
    git -C "$work/lines" add .
    gate "columns: $1" "$2" "$3" "$work/lines/.ci/run" columns
    rm -rf "$work/lines"
}
long=$(printf '%0100d' 0)
columns "a long line" RED "src/x/long.rs:2: 101 characters" src/x/long.rs <<<"
${long}é"
columns "a line of more bytes than characters" GREEN "passed" src/x/short.rs <<<"${long%0}é"
columns "a long line of a document" RED "docs/x/long.md:1: 104 characters" docs/x/long.md <<<"> | $long"
columns "a long line after code" RED "long.md:4: 101 characters" long.md <<<'```'"
$long 1
"'```'"
${long}2"
columns "a long line of code in a comment" RED "long.rs:2: 10. characters" src/long.rs <<<'/// ```'"
/// $long"
columns "lines that may be long" GREEN "passed" src/long.rs <<<"
    /// # $long
//! | $long |
//! [a link](that::leads::$long)"
columns "lines of a document that may be long" GREEN "passed" long.md <<<"| $long |
<https://example.com/$long>
"'```'"
$long $long"
columns "a word" RED "x.h:2: whoever" ffi/x.h <<<"
 * Whoever reads this."
columns "another word" RED "x.toml:1: whom" x.toml <<<"# To whom?"
columns "words in test data" GREEN "passed" testdata/cases/x.md <<<"to whom"
stub git <<<"exit 0"
gate "columns: no files to measure" RED "no files" .ci/run columns

stub cargo <<<"exit 0"
gate "lints: a feature without its provider compiles" RED "it compiles" .ci/run lints
stub cargo <<<'[ "$1" != check ] || { echo "another error" && exit 1; }'
gate "lints: a feature without its provider fails otherwise" RED "another error" .ci/run lints

gate "public suites: none" GREEN "These did not run" .ci/run public-suites
gate "public suites: none, but required" RED "there is no ../shared/vectors" env REQUIRE_VECTORS=1 .ci/run public-suites
mkdir -p "$work/shared/vectors"
gate "public suites: an empty folder" RED "limbo.json.gz" .ci/run public-suites
echo >"$work/shared/vectors/limbo.json.gz"
gate "public suites: no pkits" RED "pkits/pkits.json" .ci/run public-suites
rm -r "$work/shared"

# == Instructions, with a valgrind that counts what is committed ==

# `instructions NAME TIMES` has NAME cost so many times as much.
instructions() {
    printf '%s\n' "${1:-no-name}" "${2:-1}" >"$work/other"
    stub cargo <<<"echo '{\"executable\":\"$work/bin/program\"}'"
    stub rustc <<<"echo 'rustc 1.95.0 (0 2026-01-01)'"
    stub program <<'END'
case "$1" in
kinds) printf 'kind-%s\n' {1..17} ;;
hostile) awk '/^(signature|honest|hostile)-/ { print $1, $3, $4, $5, $6, $7 }' "$FIGURES" ;;
esac
END
    stub valgrind <<'END'
for argument; do
    case "$argument" in --callgrind-out-file=*/part) part=${argument#*=} ;; esac
done
while [[ "$1" = --* ]]; do shift; done
{ read -r other && read -r times; } <"$OTHER"
# The figure of one name; of all hostile chains and what is beside them, a file for each.
figures() {
    awk -v names="^($1)" -v other="$other" -v times="$times" -v part="${part:-}" '
        $1 !~ names { next }
        { figure = int($2 * ($1 == other ? times : 1) + 0.5) }
        part { print "summary:", figure >(part "." ++number); next }
        { print figure }' "$FIGURES"
}
case "$2" in
hostile) "$@" && figures "(signature|honest|hostile)-" ;;
sha256) echo "==1== Collected : $((5000 + $3 * 100))" >&2 ;;
repeated) echo "==1== Collected : $((5000 + $3 * (100 + $(figures repeated))))" >&2 ;;
kind-*) awk -v size="$3" 'BEGIN { print "==1== Collected :", 10000000 * size }' >&2 ;;
*) echo "==1== Collected : $((5000 + $3 * $(figures "$2")))" >&2 ;;
esac
END
}
export FIGURES=$repository/benches/instructions.txt OTHER=$work/other
update=(bash -c 'benches/instructions.sh --update || { cmp benches/instructions.txt "$FIGURES" && echo "the figures are as before"; exit 1; }')
# What is committed; then something is taken away.
instructions
gate "instructions: as committed" GREEN "cold +[0-9]+ now, +[0-9]+ committed: ok" benches/instructions.sh
instructions
stub valgrind <<<"exit 1"
gate "instructions: a valgrind that fails" RED "valgrind failed" benches/instructions.sh
instructions
stub valgrind <<<"exit 1"
gate "instructions: a valgrind that fails, --update" RED "the figures are as before" "${update[@]}"
instructions
stub valgrind <<<"exit 0"
gate "instructions: a valgrind that says nothing" RED "was not counted" benches/instructions.sh
instructions
stub valgrind <<<"echo '==1== Collected 100 instructions' >&2"
gate "instructions: a valgrind of another format" RED "was not counted" benches/instructions.sh
instructions
stub valgrind <<<"echo '==1== Collected : 0' >&2"
gate "instructions: a valgrind that counts 0" RED "was not counted" benches/instructions.sh
instructions
stub program <<<"exit 0"
gate "instructions: a program that prints nothing" RED "signature-P-256 is missing" benches/instructions.sh
instructions
stub program <<<"exit 0"
gate "instructions: a program that prints nothing, --update" RED "the figures are as before" "${update[@]}"
if is_chosen "instructions: no valgrind"; then
    without valgrind
    gate "instructions: no valgrind" RED "there is no valgrind" benches/instructions.sh
fi
instructions
take benches/instructions.txt
gate "instructions: no figures" RED "there are no figures" benches/instructions.sh
instructions
edit '/^compiler /d' benches/instructions.txt
gate "instructions: no compiler named" RED "names no compiler" benches/instructions.sh
instructions
stub rustc <<<"echo 'rustc 1.96.0 (0 2026-01-01)'"
stub cargo <<<"exit 1"
gate "instructions: another compiler" RED "rustup toolchain install 1.95.0" benches/instructions.sh
for name in cold repeated expired certificate signature-P-256 signature-P-384 signature-RSA-2048 hostile-forged; do
    instructions
    edit "/^$name /d" benches/instructions.txt
    gate "instructions: $name is not committed" RED "$name +(is missing|has no committed figure)" benches/instructions.sh
    for figure in "" 0 none; do
        instructions
        edit "s/^$name [0-9]*/$name $figure/" benches/instructions.txt
        gate "instructions: $name is committed as '$figure'" RED "$name has no figure" benches/instructions.sh
    done
    for times in 0.965 1.035; do
        instructions "$name" "$times"
        gate "instructions: $name is $times times as much" RED "$name .* % away" benches/instructions.sh
    done
    instructions "$name" 0
    gate "instructions: $name is counted as 0" RED "$name (was not counted|has no figure)" benches/instructions.sh
done
for column in 3 4 5 6; do
    instructions
    edit "s/^\(hostile-forged\( [^ ]*\)\{$((column - 2))\}\) [0-9]*/\1 99/" benches/instructions.txt
    gate "instructions: column $column is another" RED "hostile-forged .*other signatures" benches/instructions.sh
done
# It is no more than 3 % away from what is committed, but too dear.
instructions hostile-mixed 30
edit "s/^hostile-mixed [0-9]*/hostile-mixed 37454190/" benches/instructions.txt
gate "instructions: a hostile chain that is too dear" RED "hostile-mixed .*at most 10 are allowed" benches/instructions.sh

# == Loading ==

instructions
gate "loading: all is counted" GREEN "kind-17 .* 2\.00" benches/loading.sh --quick
for says in "exit 1" "exit 0" "echo '==1== Collected 100' >&2" "echo '==1== Collected : 0' >&2"; do
    instructions
    stub valgrind <<<"$says"
    gate "loading: a valgrind with $says" RED "was not counted|valgrind failed" benches/loading.sh --quick
done
instructions
stub valgrind <<<"echo '==1== Collected : 7' >&2"
gate "loading: a valgrind that always counts the same" RED "TOO LITTLE" benches/loading.sh --quick
instructions
stub valgrind <<'END'
while [[ "$1" = --* ]]; do shift; done
awk -v size="$3" 'BEGIN { print "==1== Collected :", int(1000000 * (8 * size) ^ 2) }' >&2
END
gate "loading: twice as much is four times as dear" RED "TOO MUCH" benches/loading.sh --quick
instructions
stub program <<<"yes kind-1 | head -n 17"
gate "loading: always the same kind" RED "only 1 kinds" benches/loading.sh --quick
instructions
stub program <<<"exit 0"
gate "loading: no kinds" RED "only . kinds" benches/loading.sh --quick
instructions
stub program <<<"printf 'kind-%s\n' {1..16}"
gate "loading: a kind less" RED "only 16 kinds" benches/loading.sh --quick
instructions
stub program <<<"exit 1"
gate "loading: a program that fails" RED "no kinds" benches/loading.sh --quick

# == Fuzzing ==

# A cargo that lists, makes a seed for each target, and fuzzes, as it is told.
fuzz() {
    stub cargo <<END
case "\$*" in
*'fuzz list')
    $1
    ;;
*'fuzz run'*)
    if [ -z "\${FUZZ_SEEDS_TO:-}" ]; then
        $2
    else
        ${3:-seed}
    fi
    ;;
esac
exit 0
END
    stub seed <<<'mkdir -p "$FUZZ_SEEDS_TO" && echo 1 >"$FUZZ_SEEDS_TO/1"'
}
all_targets="ls fuzz/fuzz_targets | sed 's/[.]rs\$//'"
# Of so many inputs so many were judged, so many percent of them as built.
statistics() {
    printf 'printf "stat::%%s\\n"'
    printf ' "%s"' "number_of_executed_units: $1" "average_exec_per_sec: 10" "judged_units: $2" "judged_as: built $3 %%"
    echo
}
fuzz "exit 0" :
gate "fuzzing: no targets" RED "names no target" fuzz/run.sh 1
fuzz "echo failed >&2; exit 1" :
gate "fuzzing: a list that fails" RED "fuzz list failed" fuzz/run.sh 1
fuzz "echo crl" :
gate "fuzzing: a target that is not listed" RED "does not name certificate" fuzz/run.sh 1
fuzz "$all_targets" "$(statistics 10 5 50)"
gate "fuzzing: all is well" GREEN "crl: 10 executions, 10 a second, 5 judged .50 %: built 50 %" fuzz/run.sh 1 crl
fuzz "$all_targets" : 'rm -r fuzz/corpus; mkdir -p "$FUZZ_SEEDS_TO"'
gate "fuzzing: no seeds" RED "crl: no seeds" fuzz/run.sh 1 crl
fuzz "$all_targets" :
gate "fuzzing: no statistics" RED "crl: no statistics" fuzz/run.sh 1 crl
fuzz "$all_targets" "$(statistics 0 0 0)"
gate "fuzzing: nothing is executed" RED "crl: 0 executions" fuzz/run.sh 1 crl
fuzz "$all_targets" "$(statistics 10 0 0)"
gate "fuzzing: nothing is judged" RED "crl: 10 executions, 0 judged" fuzz/run.sh 1 crl
fuzz "$all_targets" "$(statistics 10 5 50 | sed 's/judged_as/judged/')"
gate "fuzzing: judged as nothing" RED "crl: does not say" fuzz/run.sh 1 crl
fuzz "$all_targets" "$(statistics 10 5 50)
echo stat::too_few: built 1 %, at least 9 %"
gate "fuzzing: too few of a kind" RED "crl judges too few inputs as: built 1 %" fuzz/run.sh 1 crl
fuzz "$all_targets" "$(statistics 10 5 50)
exit 77"
gate "fuzzing: a finding" RED "found something: crl" fuzz/run.sh 1 crl
stub cargo <<<'[ "$1" != +nightly ]'
gate "fuzzing: no nightly" RED "rustup toolchain install nightly" fuzz/run.sh 1

# == Installing the C library ==

for tool in cc pkg-config openssl; do
    is_chosen "install: no $tool" || continue
    without "$tool"
    gate "install: no $tool" RED "there is no $tool" ffi/tests/install.sh
done
stub cargo <<<"echo 'cargo failed' >&2; exit 1"
gate "install: cargo fails" RED "cargo failed" ffi/tests/install.sh

finish() {
    echo "$held gates hold"
    [ "${#open[@]}" -eq 0 ] || { printf 'open: %s\n' "${open[@]}" && exit 1; }
    [ "$held" -gt 0 ] || { echo "no gate of that name" >&2 && exit 1; }
    rm -rf "$work"
}
[ -z "$quick" ] || { finish && exit; }

# == What compiles ==

# As .ci/run builds them, once for all gates.
workspace=(--workspace --features headers,rustls,serde,spiffe,tracing)
test=(cargo test -q "${workspace[@]}" --test)
programs=$CARGO_TARGET_DIR/debug
cargo build -q "${workspace[@]}" --bins --test cases

stub openssl <<<'echo "OpenSSL 3.9.9 1 Jan 2027 (Library: OpenSSL 3.9.9 1 Jan 2027)"'
gate "openssl: another release, cases" RED "3\.9\.9" "${test[@]}" openssl cases::
stub openssl <<<'echo "OpenSSL 3.9.9 1 Jan 2027 (Library: OpenSSL 3.9.9 1 Jan 2027)"'
gate "openssl: another release, random PKIs" RED "3\.9\.9" "${test[@]}" oracle openssl
stub openssl <<<'echo "OpenSSL 3.9.9 1 Jan 2027 (Library: OpenSSL 3.9.9 1 Jan 2027)"'
gate "openssl: another release, changed chains" RED "3\.9\.9" "${test[@]}" resign they_agree
if is_chosen "openssl: none"; then
    without openssl
    gate "openssl: none" RED "openssl" "${test[@]}" openssl cases::
fi

! is_chosen "cases: none" || { take testdata/cases && mkdir testdata/cases; }
gate "cases: none" RED "only 0 cases" "${test[@]}" cases
! is_chosen "test data: no cases" || take testdata/cases
gate "test data: no cases" RED "testdata/cases: No such file" .ci/run test-data
for case in testdata/cases/*/*/case.toml; do break; done
edit '1s/$/ /' "$case"
gate "test data: a case is edited" RED "differs: .*case.toml" .ci/run test-data

for tool in go python3; do
    is_chosen "examples: no $tool" || continue
    without "$tool"
    gate "examples: no $tool" RED "there is no $tool" "${test[@]}" examples "${tool%3}"
    without "$tool"
    gate "examples: no $tool, by hand" GREEN "" env CI= "${test[@]}" examples "${tool%3}"
done

gate "limbo: no input" RED "EOF while parsing" "$programs/limbo"
gate "limbo: no cases" RED "0 cases, and at least" bash -c 'echo "{\"version\":1,\"testcases\":[]}" | "$0"' "$programs/limbo"
gate "limbo: cut" RED "the suite: " bash -c 'echo "{\"version\":1,\"testcases\":[{\"id\":\"x" | "$0"' "$programs/limbo"
mkdir -p "$work/pkits"
gate "pkits: no file" RED "No such file" "$programs/pkits" "$work/pkits"
echo '[]' >"$work/pkits/pkits.json"
gate "pkits: no cases" RED "0 cases, and at least" "$programs/pkits" "$work/pkits"
echo '[{"id":"4.1.1"' >"$work/pkits/pkits.json"
gate "pkits: cut" RED "EOF while parsing" "$programs/pkits" "$work/pkits"

# Cargo.toml only warns of these.
echo 'pub struct Undocumented;' >>src/lib.rs
changed+=(src/lib.rs)
gate "lints: an item without documentation" RED "missing documentation for a struct" .ci/run lints
printf '/// [`Nothing`]\npub struct Linked;\n' >>src/lib.rs
changed+=(src/lib.rs)
gate "documentation: a link to nothing" RED "unresolved link to .Nothing" .ci/run documentation

echo 'fn unused() {}' >>peers/src/lib.rs
changed+=(peers/src/lib.rs)
gate "peers: a warning" RED "unused" .ci/run peers

# The figures of memory, as the bench keeps them.
memory() {
    mkdir -p "$work/figures"
    echo '{"memory/10000 CAs":{"ours cold":['"$1"'],"DER":[10]},"memory/an entry of 1000000":{"ours cold":[20]}}' >"$work/figures/figures.json"
}
ratios=(env CRITERION_HOME="$work/figures" "$programs/ratios" --check)
memory 15
gate "bounds: they hold" GREEN "holds" "${ratios[@]}" memory
memory 25
gate "bounds: one does not hold" RED "DOES NOT HOLD" "${ratios[@]}" memory
gate "bounds: one does not hold, among all" RED "DOES NOT HOLD" "${ratios[@]}"
memory ""
gate "bounds: one was not measured" RED "DOES NOT HOLD|NOT MEASURED" "${ratios[@]}" memory
rm "$work/figures/figures.json"
gate "bounds: none was measured" RED "NOT MEASURED" "${ratios[@]}" memory
memory 15
gate "bounds: none of that name" RED "0 bounds hold" "${ratios[@]}" memories
take benches/bounds.toml
gate "bounds: no file" RED "bounds.toml" "${ratios[@]}" memory

finish
