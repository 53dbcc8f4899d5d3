/** Key names whose values never appear in a message. */
export const SECRET_KEY =
  /pass(word|wd|phrase)?$|secret|token|api_?key|access_key|private_key|licen[cs]e_key/i;
