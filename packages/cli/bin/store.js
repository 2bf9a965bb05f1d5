// The program is compiled as a script, which cannot `import`; what it needs of the store comes through here.
exports.loadStore = () => import("@seenas/store");
