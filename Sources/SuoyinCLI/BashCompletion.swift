// How does bash complete words that it takes apart?

/// What is added to the completion script that the parser makes for bash.
enum BashCompletion {
  /// Replaces two functions, and calls the script's own with the words of the line joined again.
  static let script = #"""

    # Bash takes words apart at the characters of COMP_WORDBREAKS, among them : and =, so that issuer:AB would be three words; and
    # compgen -W takes away quotation marks. The functions below see to both.

    __suoyin_add_completions() {
        local completion
        if [[ "${1}" = -W ]]; then
            while IFS='' read -r completion; do
                if [[ -n "${completion}" && "${completion}" = "${cur}"* ]]; then COMPREPLY+=("${completion}"); fi
            done <<<"${2}"
        else
            while IFS='' read -r completion; do
                COMPREPLY+=("${completion}")
            done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
        fi
    }

    __suoyin_cursor_index_in_current_word() {
        printf %s "${#COMP_WORDS[COMP_CWORD]}"
    }

    # Completes the words of the line up to the cursor.
    _suoyin_line() {
        local rest="${COMP_LINE:0:COMP_POINT}" word trimmed
        local -a joined=()
        for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
            trimmed="${rest#"${rest%%[![:space:]]*}"}"
            if [[ "${#joined[@]}" -eq 0 || "${trimmed}" != "${rest}" ]]; then joined+=(''); fi
            # The last word ends at the cursor.
            if [[ "${trimmed}" != "${word}"* ]]; then word="${trimmed}"; fi
            joined[${#joined[@]} - 1]+="${word}"
            rest="${trimmed:${#word}}"
        done

        # The last word without quoting, and where bash begins what it replaces.
        local raw="${joined[${#joined[@]} - 1]}" text='' quote='' character
        local -i index start=0
        for ((index = 0; index < ${#raw}; index++)); do
            character="${raw:index:1}"
            if [[ "${character}" = "\\" && "${quote}" != "'" ]]; then
                index+=1
                text+="${raw:index:1}"
            elif [[ -n "${quote}" && "${character}" = "${quote}" ]]; then
                quote=''
            elif [[ -z "${quote}" && ( "${character}" = '"' || "${character}" = "'" ) ]]; then
                quote="${character}"
                start="${#text}"
            else
                text+="${character}"
                if [[ -z "${quote}" && "${COMP_WORDBREAKS}" = *"${character}"* ]]; then start="${#text}"; fi
            fi
        done

        local -a COMP_WORDS=("${joined[@]}")
        local COMP_CWORD="$((${#joined[@]} - 1))"
        COMPREPLY=()
        _suoyin "${1}" "${text}" "${joined[COMP_CWORD > 0 ? COMP_CWORD - 1 : 0]}"
        for index in "${!COMPREPLY[@]}"; do COMPREPLY[index]="${COMPREPLY[index]:start}"; done
        # Behind the name of a field the word goes on.
        if [[ "${#COMPREPLY[@]}" -eq 1 && "${COMPREPLY[0]}" = *: ]]; then compopt -o nospace; fi
    }

    complete -o filenames -o nosort -F _suoyin_line suoyin 2>/dev/null || complete -o filenames -F _suoyin_line suoyin

    """#
}
