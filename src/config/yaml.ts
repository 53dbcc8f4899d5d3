/** What is used of the YAML library, so that the build leaves the rest of it out of what a list loads. */
export { isAlias, isCollection, isMap, isScalar, isSeq, parseDocument, stringify, visit } from 'yaml';
