const { transformSync } = require('esbuild');

/** Jest transform: strips types and turns modules into CommonJS; the type check is `npm run check`. */
module.exports = {
  process: (source, path) => {
    const { code } = transformSync(source, {
      loader: path.endsWith('.ts') ? 'ts' : 'js',
      format: 'cjs',
      target: 'node22',
      sourcefile: path,
      sourcemap: 'inline',
      define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename', 'import.meta.main': 'false' },
    });
    return { code };
  },
};
