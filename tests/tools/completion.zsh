# completion.zsh LINE: what an interactive zsh lists at the end of LINE; FOLDER holds the completions.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=(${(q)FOLDER} \$fpath); autoload -U compinit; compinit -u -D; LISTMAX=1000; unsetopt list_beep
bindkey '^I' list-choices; stty -echo columns 200 rows 200; PROMPT='RE''ADY> '"
# What is typed before the line editor runs may be lost; its prompt shows that it does.
zpty -r shell answer '*READY> *'
zpty -w -n shell "$1"$'\t'
zpty -w -n shell $'\C-u'"print FINI''SHED"$'\n'
zpty -r shell answer '*FINISHED*'
print -r -- "${answer//$'\e['[0-9;?]#[a-zA-Z]/ }"
zpty -d shell
