// What ESLint asks of the page's scripts: all that it recommends (lint.mjs adds it), and these rules.
// Plain scripts in one shared scope: what they may name besides each other's.
const BROWSER = [
  "addEventListener", "Blob", "cancelAnimationFrame", "clearInterval", "clearTimeout", "CSS", "DecompressionStream", "document", "Event", "getComputedStyle", "history", "Image",
  "ImageData", "location", "matchMedia", "MutationObserver", "navigator", "requestAnimationFrame", "ResizeObserver", "Response", "setInterval", "setTimeout", "TextDecoder", "URL", "URLSearchParams",
  "XMLSerializer",
];

const RULES = {
  "array-callback-return": ["error", { allowImplicit: true }],
  "block-scoped-var": "error",
  "default-case-last": "error",
  "eqeqeq": ["error", "always", { null: "ignore" }],
  "guard-for-in": "error",
  "no-alert": "error",
  "no-array-constructor": ["error"],
  "no-caller": "error",
  "no-console": "error",
  "no-constructor-return": "error",
  "no-duplicate-imports": "error",
  "no-else-return": "error",
  "no-eval": "error",
  "no-extend-native": "error",
  "no-extra-bind": "error",
  "no-implied-eval": "error",
  "no-label-var": "error",
  "no-lone-blocks": "off", // each script is a block
  "no-new-func": "error",
  "no-new-wrappers": "error",
  "no-param-reassign": "error",
  "no-promise-executor-return": "error",
  "no-script-url": "error",
  "no-self-compare": "error",
  "no-sequences": "error",
  "no-shadow": "error",
  "no-template-curly-in-string": "error",
  "no-throw-literal": "error",
  "no-unmodified-loop-condition": "error",
  "no-unreachable-loop": "error",
  "no-unused-expressions": ["error", { allowShortCircuit: true, allowTernary: true }],
  "no-unused-vars": ["error", { args: "after-used" }],
  "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
  "no-useless-assignment": "error",
  "no-useless-concat": "error",
  "no-useless-rename": "error",
  "no-useless-return": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "one-var": ["error", "never"],
  "prefer-const": "error",
  "prefer-object-has-own": "error",
  "prefer-promise-reject-errors": "error",
  "prefer-rest-params": "error",
  "prefer-spread": "error",
  "prefer-template": "error",
  "radix": "error",
  "strict": ["error", "global"],
  "symbol-description": "error",
  "yoda": "error",
};

const globals = (names) => Object.fromEntries(names.map((name) => [name, "readonly"]));
const linterOptions = { reportUnusedDisableDirectives: "error" };

export default [
  { files: ["**/*.js"], languageOptions: { ecmaVersion: 2022, sourceType: "script", globals: globals([...BROWSER, "conflictmap", "L"]) }, linterOptions, rules: RULES },
  { files: ["**/*.mjs"], languageOptions: { globals: globals(["console", "process", "URL", "URLSearchParams"]) }, linterOptions, rules: { ...RULES, "no-console": "off", strict: "off" } },
];
