# Sourced by the other scripts: progress lines, and which compiler and which Python to use.

started=$SECONDS

# step <words>: one line that says what happens now and how long it has been.
step() {
  printf '[%d:%02d] %s\n' $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60)) "$*"
}

# python_with <module>...: the first Python that imports them all, the one a person would get as `python3` first.
python_with() {
  local python modules
  modules=$(IFS=,; echo "$*")
  for python in python3 /usr/bin/python3; do
    if "$python" -c "import $modules" 2>/dev/null; then
      command -v "$python"
      return 0
    fi
  done
  return 1
}

# gcc_is_recent <compiler>: C++20 as used here needs version 12.
gcc_is_recent() {
  local version
  version=$("$1" -dumpversion 2>/dev/null) && [ "${version%%.*}" -ge 12 ]
}

# CXX decides for CMake; where the default g++ is too old the newer one beside it is taken.
if [ -z "${CXX:-}" ] && ! gcc_is_recent g++ && gcc_is_recent g++-12; then
  export CXX=g++-12
fi

# A compiler cache makes a second build fast; nothing needs it.
if [ -z "${CMAKE_CXX_COMPILER_LAUNCHER:-}" ] && command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
